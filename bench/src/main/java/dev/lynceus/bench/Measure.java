package dev.lynceus.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Times whole runs: some that are not counted, then repeats of which the median, the least and the most are told.
///
/// @param warmUp runs that are not counted
/// @param repeats runs that are
record Measure(int warmUp, int repeats) {

  /// What was measured.
  ///
  /// @param name what was run
  /// @param unit `ms`, `ratio`, `MiB`, `1/s`
  /// @param values one per repeat
  record Row(String name, String unit, double[] values) {
    double median() {
      double[] sorted = values.clone();
      Arrays.sort(sorted);
      int half = sorted.length / 2;
      return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    double least() {
      return Arrays.stream(values).min().orElse(Double.NaN);
    }

    double most() {
      return Arrays.stream(values).max().orElse(Double.NaN);
    }

    String line() {
      return String.format(
          Locale.ROOT,
          "%-44s %12.3f %12.3f %12.3f  %-5s %d",
          name,
          median(),
          least(),
          most(),
          unit,
          values.length);
    }

    String json() {
      return String.format(
          Locale.ROOT,
          "{\"name\": \"%s\", \"unit\": \"%s\", \"median\": %.6g, \"min\": %.6g, \"max\": %.6g, \"repeats\": %d}",
          name,
          unit,
          median(),
          least(),
          most(),
          values.length);
    }
  }

  /// The head of the table of [Row#line()].
  static String head() {
    return String.format("%-44s %12s %12s %12s  %-5s %s", "what", "median", "min", "max", "unit", "repeats");
  }

  /// Times one thing.
  Row time(String name, Runnable run) {
    for (int i = 0; i < warmUp; i++) {
      run.run();
    }
    double[] values = new double[repeats];
    for (int i = 0; i < repeats; i++) {
      values[i] = milliseconds(run);
    }
    return new Row(name, "ms", values);
  }

  /// Times two things in turns, so that whatever else the machine does falls on both, and takes the ratio of each
  /// pair: `second / first`.
  List<Row> pair(String firstName, Runnable first, String secondName, Runnable second) {
    for (int i = 0; i < warmUp; i++) {
      first.run();
      second.run();
    }
    double[] a = new double[repeats];
    double[] b = new double[repeats];
    double[] ratios = new double[repeats];
    for (int i = 0; i < repeats; i++) {
      if (i % 2 == 0) {
        a[i] = milliseconds(first);
        b[i] = milliseconds(second);
      } else {
        b[i] = milliseconds(second);
        a[i] = milliseconds(first);
      }
      ratios[i] = b[i] / a[i];
    }
    List<Row> rows = new ArrayList<>();
    rows.add(new Row(firstName, "ms", a));
    rows.add(new Row(secondName, "ms", b));
    rows.add(new Row(secondName + " / " + firstName, "ratio", ratios));
    return rows;
  }

  private static double milliseconds(Runnable run) {
    long start = System.nanoTime();
    run.run();
    return (System.nanoTime() - start) / 1e6;
  }
}
