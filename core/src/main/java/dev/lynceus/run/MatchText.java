package dev.lynceus.run;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tap.TokenMap.Role;
import dev.lynceus.tap.TokenMap.Spot;
import dev.lynceus.text.Encoding;
import dev.lynceus.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// A text as a model for matching reads it: its tokens, and which of them make up which word.
///
/// @param text as it was given
/// @param tokens what each position is; tokens that the tokenizer puts around belong to the
///   template
/// @param words in order
public record MatchText(String text, TokenMap tokens, List<Word> words) {

  /// A word of the text.
  ///
  /// @param text as it stands there
  /// @param first its first position
  /// @param count how many positions it takes
  public record Word(String text, int first, int count) {

    /// Its positions.
    public int[] positions() {
      return IntStream.range(first, first + count).toArray();
    }
  }

  public MatchText {
    words = List.copyOf(words);
  }

  /// Cuts a text.
  ///
  /// @throws LynceusException BAD_REQUEST for a text without words
  static MatchText of(String text, Tokenizer tokenizer) {
    List<Spot> spots = new ArrayList<>();
    List<Word> words = new ArrayList<>();
    int end = -1;
    int around = 0;
    int own = 0;
    for (Encoding.Token token : tokenizer.tokenize(text, true).tokens()) {
      if (token.start() == token.end()) {
        spots.add(new Spot(token.id(), Role.TEMPLATE, around++, -1));
        continue;
      }
      if (!words.isEmpty() && token.start() == end && isOneWord(text, end)) {
        Word word = words.removeLast();
        words.add(
            new Word(
                word.text + text.substring(token.start(), token.end()),
                word.first,
                word.count + 1));
      } else {
        words.add(new Word(text.substring(token.start(), token.end()), spots.size(), 1));
      }
      end = token.end();
      spots.add(new Spot(token.id(), Role.QUESTION, own++, -1));
    }
    if (words.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, "a text is empty", "Give texts with at least one word.");
    }
    return new MatchText(text, new TokenMap(spots, List.of()), words);
  }

  /// Whether no word ends between two characters.
  private static boolean isOneWord(String text, int between) {
    return Character.isLetterOrDigit(text.codePointBefore(between))
        && Character.isLetterOrDigit(text.codePointAt(between));
  }
}
