package dev.lynceus.text;

import java.util.regex.Pattern;

/// Words that stand in a text as words of their own, not inside of others.
public final class WholeWords {
  private WholeWords() {}

  /// Finds some words, as they are written.
  public static Pattern of(String words) {
    return of(words, 0);
  }

  /// Finds some words in large or small letters.
  public static Pattern ofAnyCase(String words) {
    return of(words, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
  }

  private static Pattern of(String words, int flags) {
    return Pattern.compile(
        "(?<![\\p{L}\\p{N}])" + Pattern.quote(words) + "(?![\\p{L}\\p{N}])", flags);
  }
}
