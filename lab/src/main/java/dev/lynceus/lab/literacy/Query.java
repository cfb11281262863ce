package dev.lynceus.lab.literacy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// A question about a chart, as data: what is asked for, and of which rows and columns.
public sealed interface Query {
  /// What the two options of a statement are called, the first where it holds.
  String TRUE = "True";

  /// The other.
  String FALSE = "False";

  /// What the numbers of a chart say; empty where they leave it open, such as the largest of
  /// equals.
  Optional<String> answer(Chart chart);

  /// A statement that holds or does not.
  sealed interface Claim extends Query {
    /// Whether it holds; empty where that is open.
    Optional<Boolean> holds(Chart chart);

    @Override
    default Optional<String> answer(Chart chart) {
      return holds(chart).map(held -> held ? TRUE : FALSE);
    }
  }

  /// The number of a row in a column.
  record Value(int row, int column) implements Query {
    @Override
    public Optional<String> answer(Chart chart) {
      return Optional.of(tell(chart, chart.table().value(row, column)));
    }
  }

  /// The range that a region's shade stands for.
  record Shade(int row) implements Query {
    @Override
    public Optional<String> answer(Chart chart) {
      return Optional.of(chart.range(chart.shade(chart.table().value(row, 0))));
    }
  }

  /// A number as a share of its row's sum; open unless it is a multiple of five per cent.
  record Share(int row, int column) implements Query {
    @Override
    public Optional<String> answer(Chart chart) {
      int part = 100 * chart.table().value(row, column);
      int total = chart.table().total(row);
      return part % total == 0 && part / total % 5 == 0
          ? Optional.of(part / total + "%")
          : Optional.empty();
    }
  }

  /// The row with the largest or smallest number of a column.
  record Extreme(int column, boolean largest) implements Query {
    @Override
    public Optional<String> answer(Chart chart) {
      ChartTable table = chart.table();
      if (chart.kind() == ChartKind.MAP) {
        // Only shades are seen.
        List<Integer> shades = table.column(0).stream().map(chart::shade).toList();
        int sought = shades.stream().reduce(largest ? Math::max : Math::min).orElse(0);
        return shades.stream().filter(one -> one == sought).count() == 1
            ? Optional.of(table.rows().get(shades.indexOf(sought)))
            : Optional.empty();
      }
      int row = table.extreme(column, largest);
      return row < 0 ? Optional.empty() : Optional.of(table.rows().get(row));
    }
  }

  /// The largest or smallest number of a column.
  record Peak(int column, boolean largest) implements Query {
    @Override
    public Optional<String> answer(Chart chart) {
      ChartTable table = chart.table();
      return Optional.of(tell(chart, largest ? table.most(column) : table.least(column)));
    }
  }

  /// Smallest and largest number of a column.
  record Range(int column) implements Query {
    @Override
    public Optional<String> answer(Chart chart) {
      ChartTable table = chart.table();
      return table.least(column) == table.most(column)
          ? Optional.empty()
          : Optional.of(table.least(column) + " - " + table.most(column));
    }
  }

  /// How a column goes from the first row to the last.
  record Trend(int column) implements Query {
    static final String RISING = "Rising";
    static final String FALLING = "Falling";
    static final String STEADY = "Steady";

    @Override
    public Optional<String> answer(Chart chart) {
      ChartTable table = chart.table();
      List<Integer> all = table.column(column);
      int unit = chart.y().unit();
      if (table.most(column) == table.least(column)) {
        return Optional.of(STEADY);
      }
      boolean rises = true;
      boolean falls = true;
      for (int i = 1; i < all.size(); i++) {
        rises &= all.get(i) >= all.get(i - 1);
        falls &= all.get(i) <= all.get(i - 1);
      }
      boolean far = table.most(column) - table.least(column) >= 2 * unit;
      return far && rises
          ? Optional.of(RISING)
          : far && falls ? Optional.of(FALLING) : Optional.empty();
    }
  }

  /// By how much the number of one row is above that of another.
  record Difference(int high, int low, int column) implements Query {
    @Override
    public Optional<String> answer(Chart chart) {
      int by = chart.table().value(high, column) - chart.table().value(low, column);
      return by > 0 ? Optional.of(tell(chart, by)) : Optional.empty();
    }
  }

  /// How many rows are below a row.
  record CountBelow(int row, int column) implements Query {
    @Override
    public Optional<String> answer(Chart chart) {
      int own = chart.table().value(row, column);
      return Optional.of(
          Long.toString(chart.table().column(column).stream().filter(v -> v < own).count()));
    }
  }

  /// The point that does not lie where the others do.
  record Outlier() implements Query {
    /// By how much better the others fit a line without it than without any other point.
    private static final double CLEAR = 4;

    @Override
    public Optional<String> answer(Chart chart) {
      int row = row(chart);
      if (row < 0) {
        return Optional.empty();
      }
      ChartTable table = chart.table();
      return Optional.of(
          chart.kind() == ChartKind.SCATTER
              ? Integer.toString(table.value(row, 0))
              : table.rows().get(row));
    }

    /// The row of that point; -1 where there is none.
    int row(Chart chart) {
      ChartTable table = chart.table();
      double[] left =
          IntStream.range(0, table.size()).mapToDouble(row -> Fit.without(chart, row)).toArray();
      int best =
          IntStream.range(0, left.length).reduce((a, b) -> left[b] < left[a] ? b : a).orElseThrow();
      boolean clear =
          IntStream.range(0, left.length)
              .allMatch(row -> row == best || left[row] > CLEAR * (left[best] + .5));
      return clear ? best : -1;
    }
  }

  /// That one number is larger than another.
  record Greater(int row, int column, int otherRow, int otherColumn) implements Claim {
    @Override
    public Optional<Boolean> holds(Chart chart) {
      ChartTable table = chart.table();
      int own = table.value(row, column);
      int other = table.value(otherRow, otherColumn);
      if (chart.kind() == ChartKind.MAP) {
        own = chart.shade(own);
        other = chart.shade(other);
      }
      return own == other ? Optional.empty() : Optional.of(own > other);
    }
  }

  /// That the share of a column is larger in one row than in another; open where shares are within
  /// ten points.
  record GreaterShare(int column, int row, int otherRow) implements Claim {
    private static final double APART = .1;

    @Override
    public Optional<Boolean> holds(Chart chart) {
      ChartTable table = chart.table();
      double own = table.value(row, column) / (double) table.total(row);
      double other = table.value(otherRow, column) / (double) table.total(otherRow);
      return Math.abs(own - other) < APART ? Optional.empty() : Optional.of(own > other);
    }
  }

  /// That one column is larger than another in every row.
  record Always(int column, int other) implements Claim {
    @Override
    public Optional<Boolean> holds(Chart chart) {
      ChartTable table = chart.table();
      List<Integer> apart = new ArrayList<>();
      for (int row = 0; row < table.size(); row++) {
        apart.add(table.value(row, column) - table.value(row, other));
      }
      return apart.contains(0)
          ? Optional.empty()
          : Optional.of(apart.stream().allMatch(one -> one > 0));
    }
  }

  /// That points lie around a place: three or more within a tick and a half of it; open for two.
  record Cluster(int x, int y) implements Claim {
    private static final double NEAR = 1.5;

    @Override
    public Optional<Boolean> holds(Chart chart) {
      int near = near(chart).size();
      return near == 2 ? Optional.empty() : Optional.of(near > 2);
    }

    List<Integer> near(Chart chart) {
      ChartTable table = chart.table();
      return IntStream.range(0, table.size())
          .filter(row ->
              Math.hypot(
                      (table.value(row, 0) - x) / (double) chart.x().step(),
                      (table.value(row, 1) - y) / (double) chart.y().step())
                  <= NEAR)
          .boxed()
          .toList();
    }
  }

  /// That one number of points rises, or falls, as another rises; open where the correlation is
  /// within 0.7.
  record Correlated(int column, int with, boolean rises) implements Claim {
    private static final double CLEAR = .7;

    @Override
    public Optional<Boolean> holds(Chart chart) {
      double r = Fit.correlation(chart.table().column(with), chart.table().column(column));
      return Math.abs(r) < CLEAR ? Optional.empty() : Optional.of(r > 0 == rises);
    }
  }

  /// That a row belongs to a group.
  record Member(int row, String group) implements Claim {
    @Override
    public Optional<Boolean> holds(Chart chart) {
      return Optional.of(chart.table().groups().get(row).equals(group));
    }
  }

  /// A number as options tell it.
  static String tell(Chart chart, int value) {
    return chart.isOfShares() ? value + "%" : Integer.toString(value);
  }
}
