package dev.lynceus.lab.literacy;

import java.util.Locale;

/// What kind of value an item is about.
public enum Variant {
  /// What the chart shows as it is.
  PLAIN,
  /// A part of a stack, as an amount.
  ABSOLUTE,
  /// A part, as a share of the whole.
  RELATIVE,
  /// A count that the chart was made from.
  DERIVED,
  /// A range that a shade stands for.
  APPROXIMATE;

  /// What users call it.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
