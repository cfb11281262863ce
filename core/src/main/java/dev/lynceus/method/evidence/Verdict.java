package dev.lynceus.method.evidence;

import java.util.Locale;

/// What is said of a word, and of a thing that a question speaks of.
public enum Verdict {
  /// The word rests on the picture, and its scores are those of right answers.
  IMAGE("supported by the image"),
  /// The picture hardly matters for it.
  TEXT("from the text"),
  /// The picture speaks against it: the word would be likelier without, and others are likelier.
  CONTRADICTED("contradicted by the picture"),
  /// It rests on the picture, but its scores are those of wrong answers.
  UNSUPPORTED("unsupported"),
  /// No thresholds are known for this model.
  UNCALIBRATED("uncalibrated"),
  /// Of a thing of the question: neither question nor answer takes it for granted.
  OPEN("not claimed");

  private final String words;

  Verdict(String words) {
    this.words = words;
  }

  /// As a reader sees it.
  public String words() {
    return words;
  }

  /// The verdict with a name.
  public static Verdict labelled(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }

  /// The name in results.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
