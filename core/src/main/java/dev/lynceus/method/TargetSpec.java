package dev.lynceus.method;

/// What shall be explained, as the user asks for it.
public sealed interface TargetSpec {

  /// The words of the model's own answer; the one that [WordChoice] chooses is shown first.
  record OwnAnswer() implements TargetSpec {}

  /// The most probable next token after the prompt.
  record NextToken() implements TargetSpec {}

  /// A word: where the model's answer says it, or, if it does not, as the next token after the
  /// prompt.
  record Word(String word) implements TargetSpec {}

  /// Two words against each other at one place: log probability of the first minus that of the
  /// second.
  record Contrast(String word, String against) implements TargetSpec {}

  /// A whole given answer under teacher forcing: the sum over its tokens.
  record Answer(String text) implements TargetSpec {}
}
