package dev.lynceus.request;

import java.util.Optional;

/// What is measured of every changed run.
public sealed interface Measure {

  /// The usual word: the one of the answer that the picture decides most, or its first word of
  /// content; after words that the answer begins with, the next token.
  Measure USUAL = new Word(Optional.empty(), Place.ANSWER, Optional.empty());

  /// A word.
  ///
  /// @param word empty = the usual one
  /// @param place where it is looked for
  /// @param against the other word of the logit difference; empty = the most probable one beside it
  record Word(
      Optional<String> word, @Setting(otherwise = "answer") Place place, Optional<String> against)
      implements Measure {}

  /// A whole answer: the sum over its tokens, each after those before it.
  ///
  /// @param text empty = the model's own answer
  record Answer(Optional<String> text) implements Measure {}

  /// Where a word is looked for.
  enum Place {
    /// Where the answer says it, or as the next word.
    ANSWER,
    /// What comes next.
    NEXT
  }
}
