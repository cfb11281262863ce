package dev.lynceus.lab.literacy;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What an item asks to be done with a chart, in the words of VLAT.
public enum ChartTask {
  /// Read one value.
  RETRIEVE_VALUE("RV", "retrieve value"),
  /// Find the largest or the smallest.
  FIND_EXTREMUM("EX", "find extremum"),
  /// Say between what the values lie.
  DETERMINE_RANGE("RG", "determine range"),
  /// Find what does not go with the rest.
  FIND_ANOMALIES("AN", "find anomalies"),
  /// Find what lies together.
  FIND_CLUSTERS("CL", "find clusters"),
  /// Say how values go, or go with each other.
  FIND_TRENDS("TR", "find correlations/trends"),
  /// Compare values.
  COMPARE("CM", "make comparisons"),
  /// Say what belongs to what.
  FIND_HIERARCHY("HI", "identify the hierarchical structure");

  private final String code;
  private final String words;

  ChartTask(String code, String words) {
    this.code = code;
    this.words = words;
  }

  /// Two letters, for example `RV`.
  public String code() {
    return code;
  }

  /// For example `retrieve value`.
  public String words() {
    return words;
  }

  /// The task that a file names, whatever stands behind it in brackets; empty for another name.
  public static Optional<ChartTask> named(String text) {
    String small = text.strip().toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(task ->
            small.startsWith(task.words) || small.equals(task.code.toLowerCase(Locale.ROOT)))
        .findFirst();
  }
}
