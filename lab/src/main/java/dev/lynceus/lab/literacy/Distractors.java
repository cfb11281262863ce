package dev.lynceus.lab.literacy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.SequencedSet;
import java.util.stream.IntStream;

/// Wrong answers that one gets by reading next to the right place: the neighbour's value, another
/// series, a tick too high or too low.
record Distractors(Random random) {

  /// The options of a query in the order in which they are shown.
  ///
  /// @param key the right one
  /// @param swapped what is right on the chart of other numbers; one of the options
  /// @param count how many
  List<String> options(Query query, Chart chart, String key, String swapped, int count) {
    if (query instanceof Query.Claim) {
      return List.of(Query.TRUE, Query.FALSE);
    }
    if (query instanceof Query.Trend) {
      return List.of(Query.Trend.RISING, Query.Trend.FALLING, Query.Trend.STEADY);
    }
    SequencedSet<String> options = new LinkedHashSet<>(List.of(key, swapped));
    for (String other : plausible(query, chart)) {
      if (options.size() < count) {
        options.add(other);
      }
    }
    if (options.size() != count) {
      throw new IllegalStateException("too few options for " + query + " on " + chart);
    }
    List<String> shown = new ArrayList<>(options);
    Collections.shuffle(shown, random);
    return List.copyOf(shown);
  }

  private List<String> plausible(Query query, Chart chart) {
    ChartTable table = chart.table();
    return switch (query) {
      case Query.Value q -> values(q, chart);
      case Query.Shade q -> shuffled(chart.legend());
      case Query.Share q -> shares(q, table);
      case Query.Extreme q -> shuffled(table.rows());
      case Query.Peak q -> {
        int own = q.largest() ? table.most(q.column()) : table.least(q.column());
        yield numbers(
            chart, List.of(own + step(chart), own - step(chart)), table.column(q.column()));
      }
      case Query.Range q -> ranges(q, chart);
      case Query.Difference q ->
          numbers(
              chart,
              List.of(
                  table.value(q.high(), q.column())
                      - table.value(q.low(), q.column())
                      + step(chart),
                  table.value(q.high(), q.column())),
              List.of());
      case Query.CountBelow q ->
          shuffled(IntStream.range(0, table.size()).mapToObj(Integer::toString).toList());
      case Query.Outlier q ->
          shuffled(
              chart.kind() == ChartKind.SCATTER
                  ? table.column(0).stream().map(String::valueOf).toList()
                  : table.rows());
      case Query.Trend q -> List.of();
      case Query.Claim q -> List.of();
    };
  }

  private static int step(Chart chart) {
    return chart.y().step();
  }

  private <T> List<T> shuffled(List<T> all) {
    List<T> copy = new ArrayList<>(all);
    Collections.shuffle(copy, random);
    return copy;
  }

  private List<String> values(Query.Value q, Chart chart) {
    ChartTable table = chart.table();
    int own = table.value(q.row(), q.column());
    List<Integer> near = new ArrayList<>();
    near.add(own + step(chart));
    near.add(own - step(chart));
    // The neighbour, and another series.
    near.add(table.value((q.row() + 1) % table.size(), q.column()));
    near.add(table.value(q.row(), (q.column() + 1) % table.columns().size()));
    return numbers(chart, shuffled(near), table.column(q.column()));
  }

  /// Numbers of the scale: some that come first, others, then any.
  private List<String> numbers(Chart chart, List<Integer> first, List<Integer> then) {
    List<Integer> all = new ArrayList<>(first);
    all.addAll(shuffled(then));
    all.addAll(
        shuffled(
            IntStream.rangeClosed(1, chart.y().levels())
                .mapToObj(level -> level * chart.y().unit())
                .toList()));
    return all.stream()
        .filter(v -> v > 0 && v <= chart.y().top())
        .map(v -> Query.tell(chart, v))
        .toList();
  }

  private List<String> shares(Query.Share q, ChartTable table) {
    List<String> all = new ArrayList<>();
    int own = 100 * table.value(q.row(), q.column()) / table.total(q.row());
    for (int by : List.of(20, -20, 10, -10, 30, -30, 40, -40)) {
      if (own + by > 0 && own + by < 100) {
        all.add(own + by + "%");
      }
    }
    return shuffled(all);
  }

  private List<String> ranges(Query.Range q, Chart chart) {
    ChartTable table = chart.table();
    int least = table.least(q.column());
    int most = table.most(q.column());
    int step = step(chart);
    List<String> near = new ArrayList<>();
    for (int[] ends :
        new int[][] {
          {least, most + step}, {least, most - step}, {least - step, most}, {least + step, most},
          {0, most}, {least, chart.y().top()}, {0, chart.y().top()}, {least + step, most - step}
        }) {
      boolean own = ends[0] == least && ends[1] == most;
      if (!own && ends[0] >= 0 && ends[1] <= chart.y().top() && ends[0] < ends[1]) {
        near.add(ends[0] + " - " + ends[1]);
      }
    }
    return shuffled(near);
  }
}
