package dev.lynceus.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// Times whole runs: some that are not counted, then repeats of which the median, the least and the
/// most are told.
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
    return String.format(
        "%-44s %12s %12s %12s  %-5s %s", "what", "median", "min", "max", "unit", "repeats");
  }

  /// Times one thing, and the processor time that all threads of the process spent on it.
  List<Row> time(String name, Runnable run) {
    for (int i = 0; i < warmUp; i++) {
      run.run();
    }
    Series series = new Series(name);
    for (int i = 0; i < repeats; i++) {
      series.add(run);
    }
    return series.rows();
  }

  /// Times two things in turns, so that whatever else the machine does falls on both, and takes the
  /// ratio of each pair: `second / first`. The ratio of processor time is the one to read on a
  /// machine that has other work, too.
  List<Row> pair(String firstName, Runnable first, String secondName, Runnable second) {
    for (int i = 0; i < warmUp; i++) {
      first.run();
      second.run();
    }
    Series a = new Series(firstName);
    Series b = new Series(secondName);
    for (int i = 0; i < repeats; i++) {
      if (i % 2 == 0) {
        a.add(first);
        b.add(second);
      } else {
        b.add(second);
        a.add(first);
      }
    }
    List<Row> rows = new ArrayList<>(a.rows());
    rows.addAll(b.rows());
    String ratio = secondName + " / " + firstName;
    rows.add(new Row(ratio, "ratio", divide(b.wall, a.wall)));
    // The clock of processor time has steps of 10 ms; over all repeats they add up.
    double sums = sum(b.processor) / sum(a.processor);
    rows.add(new Row(ratio + ", processor, all", "ratio", new double[] {sums}));
    return rows;
  }

  private static double sum(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).sum();
  }

  private static double[] divide(List<Double> above, List<Double> below) {
    return IntStream.range(0, above.size()).mapToDouble(i -> above.get(i) / below.get(i)).toArray();
  }

  /// Times of the repeats of one thing.
  private static final class Series {
    private static final OperatingSystemMXBean SYSTEM =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    final String name;
    final List<Double> wall = new ArrayList<>();
    final List<Double> processor = new ArrayList<>();

    Series(String name) {
      this.name = name;
    }

    void add(Runnable run) {
      long spent = SYSTEM.getProcessCpuTime();
      long start = System.nanoTime();
      run.run();
      wall.add((System.nanoTime() - start) / 1e6);
      processor.add((SYSTEM.getProcessCpuTime() - spent) / 1e6);
    }

    List<Row> rows() {
      return List.of(
          new Row(name, "ms", wall.stream().mapToDouble(Double::doubleValue).toArray()),
          new Row(
              name + ", processor",
              "ms",
              processor.stream().mapToDouble(Double::doubleValue).toArray()));
    }
  }
}
