package dev.lynceus.lab.literacy;

import java.util.List;

/// The numbers that a chart shows.
///
/// @param rows names of rows: categories, times, ranges, points, regions or tiles
/// @param columns names of columns: series, or what the numbers of a point are
/// @param groups what each row belongs to; empty where rows belong to nothing
/// @param values by row, then by column
public record ChartTable(
    List<String> rows, List<String> columns, List<String> groups, List<List<Integer>> values) {
  public ChartTable {
    rows = List.copyOf(rows);
    columns = List.copyOf(columns);
    groups = List.copyOf(groups);
    values = values.stream().map(List::copyOf).toList();
  }

  /// How many rows there are.
  int size() {
    return rows.size();
  }

  /// One number.
  int value(int row, int column) {
    return values.get(row).get(column);
  }

  /// The numbers of a column.
  List<Integer> column(int column) {
    return values.stream().map(row -> row.get(column)).toList();
  }

  /// The sum of a row.
  int total(int row) {
    return values.get(row).stream().mapToInt(Integer::intValue).sum();
  }

  /// The sum of a column.
  int totalOf(int column) {
    return column(column).stream().mapToInt(Integer::intValue).sum();
  }

  /// The only row whose number in a column is the largest, or the smallest; -1 for several.
  int extreme(int column, boolean largest) {
    List<Integer> all = column(column);
    int sought =
        all.stream().mapToInt(Integer::intValue).reduce(largest ? Math::max : Math::min).orElse(0);
    int first = all.indexOf(sought);
    return first == all.lastIndexOf(sought) ? first : -1;
  }

  /// The largest number of a column.
  int most(int column) {
    return column(column).stream().mapToInt(Integer::intValue).max().orElse(0);
  }

  /// The smallest number of a column.
  int least(int column) {
    return column(column).stream().mapToInt(Integer::intValue).min().orElse(0);
  }
}
