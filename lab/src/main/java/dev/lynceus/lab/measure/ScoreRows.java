package dev.lynceus.lab.measure;

import dev.lynceus.lab.measure.ScoreReport.Item;
import dev.lynceus.lab.measure.ScoreReport.Measure;
import dev.lynceus.lab.measure.ScoreReport.Row;
import dev.lynceus.method.score.Estimate;
import dev.lynceus.method.score.Paired;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Takes single maps together.
record ScoreRows(List<Item> items, List<String> methods) {
  private static final int[] OBJECTS = {2, 3, 4};

  List<Row> rows() {
    List<String> kinds = items.stream().map(Item::kind).distinct().sorted().toList();
    List<Row> rows = new ArrayList<>();
    for (String method : methods) {
      rows.add(row(method, ScoreReport.ALL, 0));
      if (kinds.size() > 1) {
        kinds.forEach(kind -> rows.add(row(method, kind, 0)));
      }
      for (int objects : OBJECTS) {
        rows.add(row(method, ScoreReport.ALL, objects));
      }
    }
    return rows;
  }

  private Row row(String method, String kind, int objects) {
    List<Item> some =
        items.stream()
            .filter(i -> i.method().equals(method))
            .filter(i -> kind.equals(ScoreReport.ALL) || i.kind().equals(kind))
            .filter(i -> objects == 0 || i.objects() == objects)
            .toList();
    double[] seconds =
        some.stream().mapToDouble(Item::seconds).filter(Double::isFinite).sorted().toArray();
    return new Row(
        method,
        kind,
        objects,
        some.size(),
        Stream.of(Measure.values())
            .map(measure -> Estimate.mean(some.stream().mapToDouble(measure::of).toArray()))
            .toList(),
        some.stream().mapToDouble(Item::chance).average().orElse(Double.NaN),
        seconds.length == 0 ? Double.NaN : seconds[seconds.length / 2]);
  }

  /// Every method but the first against it. Ceilings are none.
  List<Paired> pairs() {
    List<Paired> pairs = new ArrayList<>();
    List<String> real =
        methods.stream()
            .filter(m -> !m.equals(ScoreReport.MASK) && !m.equals(ScoreReport.BOX))
            .toList();
    for (Measure measure : Measure.values()) {
      List<Paired.Values> others = real.stream().skip(1).map(m -> values(m, measure)).toList();
      if (!others.isEmpty()) {
        pairs.addAll(Paired.of(measure.label(), values(real.getFirst(), measure), others));
      }
    }
    return pairs;
  }

  private Paired.Values values(String method, Measure measure) {
    return new Paired.Values(
        method,
        items.stream().filter(i -> i.method().equals(method)).mapToDouble(measure::of).toArray());
  }
}
