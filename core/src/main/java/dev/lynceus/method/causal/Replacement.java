package dev.lynceus.method.causal;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.run.Prompt;
import dev.lynceus.text.WholeWords;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A word of a question in the place of another, so that two prompts of the same length differ in
/// it alone: symmetric token replacement (Zhang and Nanda 2023, 2309.16042), which keeps the input
/// ordinary where noise does not.
///
/// @param word as the question has it
/// @param by the other
public record Replacement(String word, String by) {

  /// Reads `WORD=WORD`.
  ///
  /// @throws LynceusException BAD_REQUEST
  public static Replacement parse(String text) {
    int sign = text.indexOf('=');
    if (sign < 1 || sign == text.length() - 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "'" + text + "' does not say what replaces what",
          "Write the word, an equals sign and the other word, for example car=dog.");
    }
    return new Replacement(text.substring(0, sign).strip(), text.substring(sign + 1).strip());
  }

  /// Whether a text has the word.
  public boolean isIn(String text) {
    return matcher(text).find();
  }

  /// The text with the other word; whole words only, as they are written.
  ///
  /// @throws LynceusException BAD_REQUEST if the word is not there
  public String in(String text) {
    if (!isIn(text)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the question does not have the word '" + word + "'",
          "Name a word of it, as it is written there.");
    }
    return matcher(text).replaceAll(Matcher.quoteReplacement(by));
  }

  private Matcher matcher(String text) {
    return WholeWords.of(word).matcher(text);
  }

  /// The positions that two prompts differ at, as a text that places are read from, for example
  /// `73,74`.
  ///
  /// @throws LynceusException BAD_REQUEST if they have not the same length, or are the same
  public String where(Prompt clean, Prompt other) {
    int[] one = clean.ids();
    int[] two = other.ids();
    if (one.length != two.length) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "with '%s' in the place of '%s' the prompt has %d tokens, not %d"
              .formatted(by, word, two.length, one.length),
          "Choose a word of as many tokens.");
    }
    String where =
        IntStream.range(0, one.length)
            .filter(i -> one[i] != two[i])
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(","));
    if (where.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "'%s' and '%s' are the same tokens".formatted(word, by),
          "Choose another word.");
    }
    return where;
  }
}
