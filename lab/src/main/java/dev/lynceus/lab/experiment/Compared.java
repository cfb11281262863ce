package dev.lynceus.lab.experiment;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.score.Chance;
import dev.lynceus.method.score.Estimate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/// Two runs beside each other, row by row: only examples count that both measured with the same
/// seed.
///
/// @param lines one for each metric and kind of question that both have; a metric that is the same
///   number as another in every row, as the score of answers that are right or wrong, has none
/// @param same for such a metric the one that it equals
/// @param onlyFirst examples that the first run measured and the second did not
/// @param onlySecond the reverse
public record Compared(List<Line> lines, Map<String, String> same, int onlyFirst, int onlySecond) {
  /// A difference.
  ///
  /// @param metric what was measured
  /// @param kind of question, or `all`
  /// @param first mean of the first run over the rows that both have, in the unit of the metric
  /// @param second the same of the second, in the unit of the metric
  /// @param difference second less first, with its 95 % interval by bootstrap over pictures
  /// @param rows that both have
  /// @param pictures of these
  /// @param p probability, 0 to 1, two-sided, by exchange of the two runs picture by picture: how
  ///   often a difference as large comes by chance alone
  /// @param least the least that p can be with so many pictures, 0 to 1: one exchange in all of
  ///   them
  /// @param holm the same, 0 to 1, corrected for all lines of the comparison (Holm 1979)
  public record Line(
      String metric,
      String kind,
      double first,
      double second,
      Estimate difference,
      int rows,
      int pictures,
      double p,
      double least,
      double holm) {}

  public Compared {
    lines = List.copyOf(lines);
    same = Map.copyOf(same);
  }

  /// Compares two runs by the folders that they are kept in.
  ///
  /// @throws LynceusException BAD_REQUEST if they share no row
  public static Compared of(Path first, Path second) {
    return of(Measured.of(first), Measured.of(second));
  }

  private record Row(String example, long seed, String metric) {}

  private record Pair(String picture, double first, double second) {}

  /// Compares what was measured in two ways.
  ///
  /// @throws LynceusException BAD_REQUEST if they share no row
  public static Compared of(List<Measured> first, List<Measured> second) {
    Map<Row, Measured> before = new HashMap<>();
    first.forEach(one -> before.put(row(one), one));
    Map<String, Map<String, List<Pair>>> groups = new LinkedHashMap<>();
    for (Measured one : second) {
      Measured other = before.get(row(one));
      if (other != null) {
        Pair pair = new Pair(one.picture(), other.value(), one.value());
        Map<String, List<Pair>> kinds =
            groups.computeIfAbsent(one.metric(), metric -> new LinkedHashMap<>());
        kinds.computeIfAbsent(Summary.ALL, kind -> new ArrayList<>()).add(pair);
        kinds.computeIfAbsent(one.kind(), kind -> new ArrayList<>()).add(pair);
      }
    }
    if (groups.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the two runs share no example with a number of the same name",
          "Compare runs of one data set and one procedure, with the same seeds.");
    }
    Map<String, String> same = same(groups);
    same.keySet().forEach(groups::remove);
    List<Line> lines = new ArrayList<>();
    groups.forEach((metric, kinds) -> {
      for (String kind : new TreeSet<>(kinds.keySet())) {
        // One kind alone is the same as all of them.
        if (kind.equals(Summary.ALL) || kinds.size() > 2) {
          lines.add(line(metric, kind, kinds.getOrDefault(kind, List.of())));
        }
      }
    });
    return new Compared(holm(lines), same, only(first, second), only(second, first));
  }

  private static int only(List<Measured> these, List<Measured> those) {
    Set<Object> others = new HashSet<>();
    those.forEach(one -> others.add(List.of(one.example(), one.seed())));
    return (int)
        these.stream()
            .map(one -> List.<Object>of(one.example(), one.seed()))
            .distinct()
            .filter(one -> !others.contains(one))
            .count();
  }

  /// Metrics that are the same number as an earlier one in every row: told twice they would be
  /// corrected for twice.
  private static Map<String, String> same(Map<String, Map<String, List<Pair>>> groups) {
    Map<String, String> same = new LinkedHashMap<>();
    List<String> kept = new ArrayList<>();
    groups.forEach((metric, kinds) ->
        kept.stream()
            .filter(earlier -> kinds.equals(groups.get(earlier)))
            .findFirst()
            .ifPresentOrElse(earlier -> same.put(metric, earlier), () -> kept.add(metric)));
    return same;
  }

  private static Row row(Measured one) {
    return new Row(one.example(), one.seed(), one.metric());
  }

  private static Line line(String metric, String kind, List<Pair> pairs) {
    List<double[]> clusters =
        Summary.clusters(
            pairs.stream()
                .map(pair -> new Summary.Valued(pair.picture(), pair.second() - pair.first()))
                .toList());
    return new Line(
        metric,
        kind,
        pairs.stream().mapToDouble(Pair::first).average().orElse(Double.NaN),
        pairs.stream().mapToDouble(Pair::second).average().orElse(Double.NaN),
        Summary.mean(clusters),
        pairs.size(),
        clusters.size(),
        Chance.ofSum(
            clusters.stream().mapToDouble(values -> Arrays.stream(values).sum()).toArray()),
        Chance.least(clusters.size()),
        Double.NaN);
  }

  private static List<Line> holm(List<Line> lines) {
    double[] corrected = Chance.holm(lines.stream().mapToDouble(Line::p).toArray());
    return IntStream.range(0, lines.size())
        .mapToObj(i -> {
          Line one = lines.get(i);
          return new Line(
              one.metric,
              one.kind,
              one.first,
              one.second,
              one.difference,
              one.rows,
              one.pictures,
              one.p,
              one.least,
              corrected[i]);
        })
        .toList();
  }
}
