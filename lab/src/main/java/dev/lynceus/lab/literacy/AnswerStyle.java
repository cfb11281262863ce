package dev.lynceus.lab.literacy;

import java.util.Locale;

/// How options are shown, and what of the answer is scored.
public enum AnswerStyle {
  /// Options have letters, and letters are the answers.
  LETTERS,
  /// Options are listed, and their own words are the answers.
  WORDS,
  /// Options are not shown; their own words are the answers. For models that were taught to answer
  /// so.
  PLAIN;

  /// What users call it.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
