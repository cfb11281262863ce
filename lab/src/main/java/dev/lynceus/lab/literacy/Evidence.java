package dev.lynceus.lab.literacy;

import dev.lynceus.lab.literacy.Part.Ref;
import dev.lynceus.lab.literacy.Part.What;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// What of a chart the answer to a query follows from: marks, names, ticks, entries of the legend.
final class Evidence {
  private static final int ACROSS = 0;
  private static final int UPWARDS = 1;

  private Evidence() {}

  /// What is meant.
  static List<Ref> of(Query query, Chart chart) {
    List<Ref> refs = new ArrayList<>();
    ChartTable table = chart.table();
    switch (query) {
      case Query.Value q -> {
        mark(refs, chart, q.row(), q.column());
        number(refs, chart, table.value(q.row(), q.column()), q.row(), q.column());
      }
      case Query.Shade q -> mark(refs, chart, q.row(), 0);
      case Query.Share q -> {
        name(refs, chart, q.row());
        refs.add(new Ref(What.MARK, q.row(), -1));
        legend(refs, chart, q.row(), q.column());
      }
      case Query.Extreme q -> {
        query
            .answer(chart)
            .ifPresent(answer -> mark(refs, chart, table.rows().indexOf(answer), q.column()));
      }
      case Query.Peak q -> {
        int sought = q.largest() ? table.most(q.column()) : table.least(q.column());
        rows(table, q.column(), sought).forEach(row -> mark(refs, chart, row, q.column()));
        number(refs, chart, sought, -1, q.column());
      }
      case Query.Range q -> {
        for (int end : List.of(table.least(q.column()), table.most(q.column()))) {
          rows(table, q.column(), end).forEach(row -> mark(refs, chart, row, q.column()));
          number(refs, chart, end, -1, q.column());
        }
      }
      case Query.Trend q -> {
        refs.add(new Ref(What.MARK, -1, table.columns().size() > 1 ? q.column() : -1));
        legend(refs, chart, 0, q.column());
      }
      case Query.Difference q -> {
        for (int row : List.of(q.high(), q.low())) {
          mark(refs, chart, row, q.column());
          number(refs, chart, table.value(row, q.column()), row, q.column());
        }
      }
      case Query.CountBelow q -> {
        refs.add(new Ref(What.MARK, -1, -1));
        name(refs, chart, q.row());
      }
      case Query.Outlier q -> {
        int row = q.row(chart);
        mark(refs, chart, row, 0);
        if (chart.kind() == ChartKind.SCATTER) {
          refs.add(new Ref(What.TICK, chart.x().tick(table.value(row, 0)), ACROSS));
        }
      }
      case Query.Greater q -> {
        mark(refs, chart, q.row(), q.column());
        mark(refs, chart, q.otherRow(), q.otherColumn());
      }
      case Query.GreaterShare q -> {
        for (int row : List.of(q.row(), q.otherRow())) {
          name(refs, chart, row);
          refs.add(new Ref(What.MARK, row, -1));
        }
        legend(refs, chart, 0, q.column());
      }
      case Query.Always q -> {
        for (int column : List.of(q.column(), q.other())) {
          refs.add(new Ref(What.MARK, -1, column));
          legend(refs, chart, 0, column);
        }
      }
      case Query.Cluster q -> {
        q.near(chart).forEach(row -> refs.add(new Ref(What.MARK, row, -1)));
        refs.add(new Ref(What.TICK, chart.x().tick(q.x()), ACROSS));
        refs.add(new Ref(What.TICK, chart.y().tick(q.y()), UPWARDS));
      }
      case Query.Correlated q -> refs.add(new Ref(What.MARK, -1, -1));
      case Query.Member q -> mark(refs, chart, q.row(), 0);
    }
    return refs.stream().distinct().toList();
  }

  private static List<Integer> rows(ChartTable table, int column, int value) {
    return IntStream.range(0, table.size())
        .filter(row -> table.value(row, column) == value)
        .boxed()
        .toList();
  }

  /// A mark with its name, and the entry of the legend that tells what its colour is.
  private static void mark(List<Ref> refs, Chart chart, int row, int column) {
    boolean stack =
        switch (chart.kind()) {
          case STACKED_BAR, STACKED_BAR_100, STACKED_AREA -> true;
          case LINE, BAR, PIE, HISTOGRAM, SCATTER, AREA, BUBBLE, MAP, TREEMAP -> false;
        };
    refs.add(new Ref(What.MARK, row, stack ? column : -1));
    name(refs, chart, row);
    legend(refs, chart, row, column);
  }

  private static void name(List<Ref> refs, Chart chart, int row) {
    // A pie is named by its legend, and points of a scatter plot have no names.
    if (chart.kind() != ChartKind.PIE && chart.kind() != ChartKind.SCATTER) {
      refs.add(new Ref(What.NAME, row, -1));
    }
  }

  private static void legend(List<Ref> refs, Chart chart, int row, int column) {
    if (!chart.legend().isEmpty()) {
      refs.add(new Ref(What.LEGEND, -1, chart.colourOf(row, column)));
    }
  }

  /// Where a number is read.
  private static void number(List<Ref> refs, Chart chart, int value, int row, int column) {
    switch (chart.kind()) {
      case PIE, MAP, TREEMAP -> {}
      case SCATTER -> {
        refs.add(new Ref(What.TICK, chart.y().tick(value), UPWARDS));
        if (row >= 0) {
          refs.add(new Ref(What.TICK, chart.x().tick(chart.table().value(row, 0)), ACROSS));
        }
      }
      case STACKED_BAR, STACKED_BAR_100, STACKED_AREA -> {
        int below = 0;
        for (int c = 0; c < column; c++) {
          below += chart.table().value(row, c);
        }
        refs.add(new Ref(What.TICK, chart.y().tick(below), UPWARDS));
        refs.add(new Ref(What.TICK, chart.y().tick(below + value), UPWARDS));
      }
      case LINE, BAR, HISTOGRAM, AREA, BUBBLE ->
          refs.add(new Ref(What.TICK, chart.y().tick(value), UPWARDS));
    }
  }
}
