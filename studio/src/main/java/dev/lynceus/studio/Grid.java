package dev.lynceus.studio;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.data.DataSet;
import dev.lynceus.lab.data.Example;
import dev.lynceus.lab.data.Where;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// A data set as a table, beside it what a run found of its rows. A page of it is filtered and
/// sorted here, so that a client holds no more than it shows.
final class Grid {
  /// Before the names of columns of a run.
  static final String RUN = "run.";

  private static final int LOOKED_AT = 2000;
  private static final int MOST_VALUES = 14;
  private static final int LONGEST = 400;
  private static final List<String> OWN = List.of("id", "question", "answers", "kind", "boxes");

  private final DataSet data;
  private final List<Example> rows;
  private final List<Column> columns;

  /// @param found cells of a run by the id of the row, then by their column; none without a run
  Grid(DataSet data, Map<String, Map<String, String>> found) {
    this.data = data;
    this.rows = found.isEmpty() ? data.examples() : joined(data.examples(), found);
    this.columns = columns(rows);
  }

  /// A column.
  ///
  /// @param name in conditions
  /// @param values all that occur, where they are few; else none
  /// @param number whether it holds numbers
  record Column(String name, List<String> values, boolean number) {}

  /// A row.
  ///
  /// @param number in the data set, from 0
  /// @param cells by column
  /// @param pictures names of its pictures
  record Row(int number, Map<String, String> cells, List<String> pictures) {}

  /// Some rows.
  ///
  /// @param format of the data set
  /// @param total rows that can be used
  /// @param broken rows that cannot
  /// @param faults why not, of the first few
  /// @param matching rows that fulfil all conditions
  record Page(
      String format,
      int total,
      int broken,
      List<String> faults,
      int matching,
      List<Column> columns,
      List<Row> rows) {}

  private static List<Example> joined(
      List<Example> examples, Map<String, Map<String, String>> found) {
    return examples.stream()
        .map(example -> {
          Map<String, String> cells = found.get(example.id());
          if (cells == null) {
            return example;
          }
          LinkedHashMap<String, String> fields = new LinkedHashMap<>(example.fields());
          cells.forEach((name, cell) -> fields.put(RUN + name, cell));
          return new Example(
              example.id(),
              example.origin(),
              example.images(),
              example.passage(),
              example.question(),
              example.answers(),
              example.choices(),
              example.kind(),
              example.regions(),
              fields);
        })
        .toList();
  }

  private static List<Column> columns(List<Example> rows) {
    Set<String> names = new LinkedHashSet<>(OWN);
    List<Example> some = rows.subList(0, Math.min(LOOKED_AT, rows.size()));
    some.forEach(row -> names.addAll(row.fields().keySet()));
    List<Column> columns = new ArrayList<>();
    for (String name : names) {
      Set<String> values = new TreeSet<>();
      boolean number = true;
      boolean any = false;
      for (Example row : rows) {
        String cell = cell(row, name);
        any |= !cell.isEmpty();
        number &= cell.isEmpty() || isNumber(cell);
        if (values.size() <= MOST_VALUES) {
          values.add(cell);
        }
      }
      if (any) {
        boolean few = values.size() <= MOST_VALUES && values.size() > 1 && !number;
        columns.add(new Column(name, few ? List.copyOf(values) : List.of(), number));
      }
    }
    return columns;
  }

  /// Some rows of those that fulfil all conditions.
  ///
  /// @param sort a column, with `-` before it from the greatest; empty: the order of the data set
  Page page(List<Where> where, Optional<String> sort, int from, int most) {
    List<Integer> matching = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      Example row = rows.get(i);
      if (where.stream().allMatch(one -> one.passes(row))) {
        matching.add(i);
      }
    }
    sort.ifPresent(column -> sort(matching, column));
    int end = (int) Math.min(matching.size(), (long) from + most);
    List<Row> shown =
        from >= end ? List.of() : matching.subList(from, end).stream().map(this::row).toList();
    return new Page(
        data.format(),
        rows.size(),
        data.items().size() - rows.size(),
        data.faults().stream()
            .limit(3)
            .map(bad -> String.valueOf(bad.fault().getMessage()))
            .toList(),
        matching.size(),
        columns,
        shown);
  }

  private void sort(List<Integer> matching, String by) {
    boolean down = by.startsWith("-");
    String name = down ? by.substring(1) : by;
    Column column =
        columns.stream()
            .filter(one -> one.name().equals(name))
            .findFirst()
            .orElseThrow(() ->
                new LynceusException(
                    ErrorCode.BAD_REQUEST,
                    "there is no column of that name",
                    "Columns are "
                        + String.join(", ", columns.stream().map(Column::name).toList())
                        + "."));
    Comparator<String> order =
        column.number()
            ? Comparator.comparingDouble(Double::parseDouble)
            : Comparator.naturalOrder();
    Comparator<String> turned = down ? order.reversed() : order;
    String[] cells = new String[rows.size()];
    matching.forEach(row -> cells[row] = cell(rows.get(row), name));
    // Cells with nothing in them come last, whichever way.
    matching.sort((one, other) -> {
      boolean none = cells[one].isEmpty();
      boolean neither = cells[other].isEmpty();
      return none || neither
          ? Boolean.compare(none, neither)
          : turned.compare(cells[one], cells[other]);
    });
  }

  private Row row(int number) {
    Example example = rows.get(number);
    Map<String, String> cells = new LinkedHashMap<>();
    for (Column column : columns) {
      String cell = cell(example, column.name());
      cells.put(column.name(), cell.length() <= LONGEST ? cell : cell.substring(0, LONGEST) + "…");
    }
    return new Row(number, cells, example.images().stream().map(one -> one.name()).toList());
  }

  /// A row by its number in the data set.
  Example example(int number) {
    if (number < 0 || number >= rows.size()) {
      throw Problem.notFound("the data set has no such row");
    }
    return rows.get(number);
  }

  /// What is shown: of several values the first.
  private static String cell(Example example, String column) {
    List<String> values = Where.values(example, column);
    return values.isEmpty() ? "" : values.getFirst();
  }

  private static boolean isNumber(String text) {
    return text.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,3})?");
  }
}
