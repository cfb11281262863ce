package dev.lynceus.lab.literacy;

import java.util.Random;

/// Chooses what is asked about a chart.
record QueryMaker(Random random) {
  private static final int Y = 1;
  private static final int SIZE = 2;

  /// A query of a place of the test; its answer may be open for these numbers.
  Query query(Blueprint place, Chart chart) {
    return switch (place.task()) {
      case RETRIEVE_VALUE -> value(place, chart);
      case FIND_EXTREMUM ->
          chart.kind() == ChartKind.SCATTER
              ? new Query.Peak(Y, random.nextBoolean())
              : new Query.Extreme(
                  chart.kind() == ChartKind.BUBBLE ? SIZE : column(chart), random.nextBoolean());
      case DETERMINE_RANGE ->
          new Query.Range(
              chart.kind() == ChartKind.SCATTER || chart.kind() == ChartKind.BUBBLE ? Y : 0);
      case FIND_ANOMALIES -> new Query.Outlier();
      case FIND_CLUSTERS -> cluster(chart);
      case FIND_TRENDS ->
          switch (chart.kind()) {
            case SCATTER -> new Query.Correlated(Y, 0, random.nextBoolean());
            case BUBBLE -> new Query.Correlated(SIZE, 0, random.nextBoolean());
            default -> new Query.Trend(column(chart));
          };
      case COMPARE -> compare(place, chart);
      case FIND_HIERARCHY -> {
        var groups = chart.legend();
        yield new Query.Member(row(chart), groups.get(random.nextInt(groups.size())));
      }
    };
  }

  private int row(Chart chart) {
    return random.nextInt(chart.table().size());
  }

  private int otherRow(Chart chart, int row) {
    return (row + 1 + random.nextInt(chart.table().size() - 1)) % chart.table().size();
  }

  private int column(Chart chart) {
    return random.nextInt(chart.table().columns().size());
  }

  private Query value(Blueprint place, Chart chart) {
    return switch (chart.kind()) {
      case MAP -> new Query.Shade(row(chart));
      case SCATTER, BUBBLE -> new Query.Value(row(chart), Y);
      case STACKED_BAR, STACKED_AREA ->
          place.variant() == Variant.RELATIVE
              ? new Query.Share(row(chart), column(chart))
              : new Query.Value(row(chart), column(chart));
      case LINE, BAR, STACKED_BAR_100, PIE, HISTOGRAM, AREA, TREEMAP ->
          new Query.Value(row(chart), column(chart));
    };
  }

  private Query compare(Blueprint place, Chart chart) {
    int row = row(chart);
    int other = otherRow(chart, row);
    int column = column(chart);
    return switch (chart.kind()) {
      case LINE -> new Query.Difference(row, other, 0);
      case BAR -> new Query.CountBelow(row, 0);
      case STACKED_BAR ->
          place.variant() == Variant.RELATIVE
              ? new Query.GreaterShare(column, row, other)
              : new Query.Greater(row, column, other, column);
      case STACKED_AREA ->
          place.variant() == Variant.RELATIVE
              ? new Query.Always(0, 1)
              : new Query.Greater(row, column, other, column);
      case SCATTER -> new Query.Greater(row, Y, other, Y);
      case BUBBLE -> new Query.Greater(row, SIZE, other, SIZE);
      case STACKED_BAR_100, PIE, HISTOGRAM, AREA, MAP, TREEMAP ->
          new Query.Greater(row, column, other, column);
    };
  }

  /// The middle of what lies together, or a place where nothing does.
  private Query cluster(Chart chart) {
    ChartTable table = chart.table();
    int x = table.value(0, 0);
    int y = table.value(0, Y);
    if (random.nextBoolean()) {
      x = tick(chart.x());
      y = tick(chart.y());
    }
    return new Query.Cluster(x, y);
  }

  private int tick(Axis axis) {
    return axis.step() * (1 + random.nextInt(axis.ticks() - 1));
  }
}
