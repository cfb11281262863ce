package dev.lynceus.lab.train;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Counts of right answers by what was asked.
final class Tally {
  private final Map<String, long[]> counts = new TreeMap<>();

  void add(String what, boolean right) {
    add(what, right ? 1 : 0, 1);
  }

  void add(String what, long right, long all) {
    long[] count = counts.computeIfAbsent(what, key -> new long[2]);
    count[0] += right;
    count[1] += all;
  }

  void add(Tally other) {
    other.counts.forEach((what, count) -> add(what, count[0], count[1]));
  }

  /// Share that was right, by what was asked.
  Map<String, Double> shares() {
    return counts.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                entry -> entry.getValue()[0] / (double) entry.getValue()[1],
                (a, b) -> a,
                TreeMap::new));
  }

  /// For example `colour .98 exists .94`.
  @Override
  public String toString() {
    return shares().entrySet().stream()
        .map(entry -> entry.getKey() + " " + String.format(Locale.ROOT, "%.3f", entry.getValue()))
        .collect(Collectors.joining("  "));
  }
}
