package dev.lynceus.lab.literacy;

import java.util.Locale;

/// What a model is shown with a question.
public enum Seen {
  /// The chart.
  OWN,
  /// No picture.
  NONE,
  /// A picture of the same size in one grey.
  BLANK,
  /// The chart with other numbers, of which another option is right.
  SWAPPED,
  /// The chart with its legend covered.
  NO_LEGEND;

  /// What users call it.
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
