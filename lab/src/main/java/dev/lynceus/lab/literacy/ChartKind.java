package dev.lynceus.lab.literacy;

import java.util.Locale;

/// The kinds of charts that the test of visualization literacy has (Lee, Kim and Kwon, VLAT, 2017).
public enum ChartKind {
  /// Values of one series over time.
  LINE,
  /// A value for each of some names.
  BAR,
  /// Values of several series for each of some names, one on the other.
  STACKED_BAR,
  /// The same as shares of each name's sum.
  STACKED_BAR_100,
  /// Shares of one whole.
  PIE,
  /// How many values lie in each range.
  HISTOGRAM,
  /// Points with two numbers each.
  SCATTER,
  /// A line with the area under it.
  AREA,
  /// Values of several series over time, one on the other.
  STACKED_AREA,
  /// Points with names and three numbers each, the third of which is their size.
  BUBBLE,
  /// Regions whose shade tells a range of values.
  MAP,
  /// Tiles whose area tells a value, in groups.
  TREEMAP;

  /// What users call it, for example `stacked-bar`.
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
