package dev.lynceus.lab.literacy;

/// The words of questions. They are few and plain, so that a small model can be taught all of them.
final class ChartWords {
  private static final String CLAIM = "True or false: ";

  private ChartWords() {}

  /// The question.
  static String of(Query query, Chart chart) {
    ChartTable table = chart.table();
    return switch (query) {
      case Query.Value q -> value(q, chart);
      case Query.Shade q -> "In which range is the value of " + table.rows().get(q.row()) + "?";
      case Query.Share q ->
          "What share of "
              + table.rows().get(q.row())
              + " is "
              + table.columns().get(q.column())
              + "?";
      case Query.Extreme q -> extreme(q, chart);
      case Query.Peak q ->
          "What is the %s %s of all points?"
              .formatted(q.largest() ? "highest" : "lowest", table.columns().get(q.column()));
      case Query.Range q ->
          points(chart)
              ? "What is the range of " + table.columns().get(q.column()) + "?"
              : "What is the range of the values?";
      case Query.Trend q ->
          stacked(chart)
              ? "What is the trend of " + table.columns().get(q.column()) + "?"
              : "What is the trend of the values?";
      case Query.Difference q ->
          "How much higher is "
              + table.rows().get(q.high())
              + " than "
              + table.rows().get(q.low())
              + "?";
      case Query.CountBelow q -> "How many are lower than " + table.rows().get(q.row()) + "?";
      case Query.Outlier q ->
          chart.kind() == ChartKind.SCATTER
              ? "What is the x of the point that lies apart from the others?"
              : "Which one lies apart from the others?";
      case Query.Greater q -> CLAIM + greater(q, chart);
      case Query.GreaterShare q ->
          CLAIM
              + "the share of %s is higher in %s than in %s."
                  .formatted(
                      table.columns().get(q.column()),
                      table.rows().get(q.row()),
                      table.rows().get(q.otherRow()));
      case Query.Always q ->
          CLAIM
              + "%s is always higher than %s."
                  .formatted(table.columns().get(q.column()), table.columns().get(q.other()));
      case Query.Cluster q ->
          CLAIM + "a group of points lies at x %d and y %d.".formatted(q.x(), q.y());
      case Query.Correlated q ->
          CLAIM
              + "%s is %s as %s is rising."
                  .formatted(
                      table.columns().get(q.column()),
                      q.rises() ? "rising" : "falling",
                      table.columns().get(q.with()));
      case Query.Member q -> CLAIM + table.rows().get(q.row()) + " is part of " + q.group() + ".";
    };
  }

  private static boolean points(Chart chart) {
    return chart.kind() == ChartKind.SCATTER || chart.kind() == ChartKind.BUBBLE;
  }

  private static boolean stacked(Chart chart) {
    return chart.table().columns().size() > 1 && !points(chart);
  }

  private static String value(Query.Value q, Chart chart) {
    ChartTable table = chart.table();
    String row = table.rows().get(q.row());
    if (chart.kind() == ChartKind.SCATTER) {
      return "What is the y of the point at x " + table.value(q.row(), 0) + "?";
    }
    if (chart.kind() == ChartKind.HISTOGRAM) {
      return "How many are in " + row + "?";
    }
    if (points(chart)) {
      return "What is the " + table.columns().get(q.column()) + " of " + row + "?";
    }
    if (chart.isOfShares()) {
      return "What is the share of "
          + (stacked(chart) ? table.columns().get(q.column()) + " in " : "")
          + row
          + "?";
    }
    return "What is the value of "
        + (stacked(chart) ? table.columns().get(q.column()) + " in " : "")
        + row
        + "?";
  }

  private static String extreme(Query.Extreme q, Chart chart) {
    if (stacked(chart)) {
      return "Which one has the %s value of %s?"
          .formatted(q.largest() ? "highest" : "lowest", chart.table().columns().get(q.column()));
    }
    return switch (chart.kind()) {
      case PIE, TREEMAP, BUBBLE ->
          "Which one is the " + (q.largest() ? "largest" : "smallest") + "?";
      default -> "Which one has the " + (q.largest() ? "highest" : "lowest") + " value?";
    };
  }

  private static String greater(Query.Greater q, Chart chart) {
    ChartTable table = chart.table();
    String row = table.rows().get(q.row());
    String other = table.rows().get(q.otherRow());
    return switch (chart.kind()) {
      case SCATTER ->
          "the point at x %d is higher than the point at x %d."
              .formatted(table.value(q.row(), 0), table.value(q.otherRow(), 0));
      case HISTOGRAM -> "more are in " + row + " than in " + other + ".";
      case PIE, TREEMAP, BUBBLE -> row + " is larger than " + other + ".";
      case STACKED_BAR, STACKED_BAR_100, STACKED_AREA ->
          "%s in %s is higher than %s in %s."
              .formatted(
                  table.columns().get(q.column()),
                  row,
                  table.columns().get(q.otherColumn()),
                  other);
      case LINE, BAR, AREA, MAP -> row + " is higher than " + other + ".";
    };
  }
}
