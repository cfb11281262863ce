package dev.lynceus.lab.experiment;

import dev.lynceus.method.score.Estimate;
import dev.lynceus.method.score.Share;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a run comes to: the mean of every metric, over all rows and by kind of question.
///
/// @param lines one for each metric and kind
public record Summary(List<Line> lines) {
  /// The kind of a line about all kinds together.
  public static final String ALL = "all";

  /// A mean.
  ///
  /// @param metric what was measured
  /// @param kind of question, or [#ALL]
  /// @param mean with its 95 % interval over pictures, since rows of one picture go together: of a
  ///   rate after Wilson (1927) with as many cases as there are pictures, of other numbers by
  ///   bootstrap; no interval with fewer than two pictures
  /// @param rows that it is the mean of
  /// @param pictures of these rows
  public record Line(String metric, String kind, Estimate mean, int rows, int pictures) {}

  public Summary {
    lines = List.copyOf(lines);
  }

  /// What a run comes to.
  ///
  /// @param run its folder
  public static Summary of(Path run) {
    return of(Measured.of(run));
  }

  /// What some numbers come to.
  public static Summary of(List<Measured> all) {
    Map<String, Map<String, List<Measured>>> groups = new LinkedHashMap<>();
    for (Measured one : all) {
      Map<String, List<Measured>> kinds =
          groups.computeIfAbsent(one.metric(), metric -> new TreeMap<>());
      kinds.computeIfAbsent(one.kind(), kind -> new ArrayList<>()).add(one);
    }
    List<Line> lines = new ArrayList<>();
    groups.forEach((metric, kinds) -> {
      lines.add(line(metric, ALL, kinds.values().stream().flatMap(List::stream).toList()));
      if (kinds.size() > 1) {
        kinds.forEach(
            (kind, rows) -> lines.add(line(metric, kind.isEmpty() ? "none" : kind, rows)));
      }
    });
    return new Summary(lines);
  }

  private static Line line(String metric, String kind, List<Measured> rows) {
    List<double[]> clusters =
        clusters(rows.stream().map(row -> new Valued(row.picture(), row.value())).toList());
    boolean rate = rows.stream().allMatch(row -> row.value() == 0 || row.value() == 1);
    return new Line(
        metric, kind, rate ? rate(clusters) : mean(clusters), rows.size(), clusters.size());
  }

  /// A value of a row, and the picture that it is about.
  record Valued(String picture, double value) {}

  /// Values of the same picture together; rows without one stand alone.
  static List<double[]> clusters(List<Valued> values) {
    Map<String, List<Double>> byPicture = new LinkedHashMap<>();
    Map<String, Integer> alone = new HashMap<>();
    for (Valued one : values) {
      String picture =
          one.picture().isEmpty() ? "row " + alone.merge("", 1, Integer::sum) : one.picture();
      byPicture.computeIfAbsent(picture, name -> new ArrayList<>()).add(one.value());
    }
    return byPicture.values().stream()
        .map(list -> list.stream().mapToDouble(Double::doubleValue).toArray())
        .toList();
  }

  /// A rate with its interval after Wilson. Questions about one picture are not independent, so
  /// that pictures are counted, not questions.
  private static Estimate rate(List<double[]> clusters) {
    double p = clusters.stream().flatMapToDouble(Arrays::stream).average().orElse(Double.NaN);
    return clusters.size() < LEAST ? alone(p, clusters.size()) : Share.around(p, clusters.size());
  }

  /// Of fewer pictures nothing is known about others.
  private static final int LEAST = 2;

  private static Estimate alone(double value, int of) {
    return new Estimate(value, Double.NaN, Double.NaN, of);
  }

  /// The mean over all values, its interval by drawing whole clusters; none of fewer than two.
  static Estimate mean(List<double[]> clusters) {
    if (clusters.size() < LEAST) {
      return alone(
          clusters.stream().flatMapToDouble(Arrays::stream).average().orElse(Double.NaN),
          clusters.size());
    }
    double[] sums = new double[clusters.size()];
    int[] counts = new int[sums.length];
    for (int c = 0; c < sums.length; c++) {
      for (double value : clusters.get(c)) {
        sums[c] += value;
        counts[c]++;
      }
    }
    return Estimate.of(
        sums.length,
        drawn -> {
          double sum = 0;
          long count = 0;
          for (int c : drawn) {
            sum += sums[c];
            count += counts[c];
          }
          return sum / count;
        });
  }

  /// The lines of a metric.
  public List<Line> of(String metric) {
    return Collections.unmodifiableList(
        lines.stream().filter(line -> line.metric().equals(metric)).toList());
  }
}
