package dev.lynceus.lab.literacy;

import java.util.List;

/// Straight lines through points.
final class Fit {
  private Fit() {}

  /// The sum of squared distances, in units of the scale upwards, of all points but one to their
  /// own least squares line.
  static double without(Chart chart, int left) {
    ChartTable table = chart.table();
    double n = table.size() - 1.0;
    double mx = 0;
    double my = 0;
    for (int row = 0; row < table.size(); row++) {
      mx += row == left ? 0 : x(chart, row) / n;
      my += row == left ? 0 : y(chart, row) / n;
    }
    double xx = 0;
    double xy = 0;
    double yy = 0;
    for (int row = 0; row < table.size(); row++) {
      if (row != left) {
        xx += (x(chart, row) - mx) * (x(chart, row) - mx);
        xy += (x(chart, row) - mx) * (y(chart, row) - my);
        yy += (y(chart, row) - my) * (y(chart, row) - my);
      }
    }
    return Math.max(0, xx == 0 ? yy : yy - xy * xy / xx);
  }

  private static double x(Chart chart, int row) {
    return chart.table().value(row, 0) / (double) chart.x().unit();
  }

  private static double y(Chart chart, int row) {
    return chart.table().value(row, 1) / (double) chart.y().unit();
  }

  /// Pearson's correlation; 0 where one side does not vary.
  static double correlation(List<Integer> a, List<Integer> b) {
    double ma = a.stream().mapToInt(Integer::intValue).average().orElse(0);
    double mb = b.stream().mapToInt(Integer::intValue).average().orElse(0);
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.size(); i++) {
      ab += (a.get(i) - ma) * (b.get(i) - mb);
      aa += (a.get(i) - ma) * (a.get(i) - ma);
      bb += (b.get(i) - mb) * (b.get(i) - mb);
    }
    return aa == 0 || bb == 0 ? 0 : ab / Math.sqrt(aa * bb);
  }
}
