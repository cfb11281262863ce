package dev.lynceus.cli;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.lens.LensGrid;
import dev.lynceus.method.lens.LensGrid.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// What `lens` tells on a screen.
record LensText(LensGrid grid) {
  private static final int RANGES = 4;

  /// One position as a list of layers, several as a table with a column for each layer.
  String text() {
    return (grid.rows().size() == 1 ? single(grid.rows().getFirst()) : table())
        + Notes.text(grid.notes());
  }

  private static String single(Row row) {
    TextTable table = new TextTable();
    for (int layer = 0; layer < row.layers().size(); layer++) {
      List<String> cells = new ArrayList<>();
      cells.add(Spoken.depth(layer));
      row.layers()
          .get(layer)
          .forEach(word ->
              cells.add("%s %s".formatted(LensGrid.shown(word), Spoken.percent(word.score()))));
      table.row(cells);
    }
    return "position %d, %s\n\n%s".formatted(row.position(), name(row), table);
  }

  private String table() {
    TextTable table = new TextTable();
    List<String> head = new ArrayList<>(List.of("position", "what it is"));
    for (int layer = 0; layer < grid.rows().getFirst().layers().size(); layer++) {
      head.add(Spoken.depth(layer));
    }
    table.row(head);
    for (List<Row> same : grid.folded()) {
      Row first = same.getFirst();
      List<String> cells =
          new ArrayList<>(
              same.size() == 1
                  ? List.of(String.valueOf(first.position()), name(first))
                  : List.of(
                      ranges(same), same.size() + (patches(same) ? " patches" : " positions")));
      cells.addAll(said(first));
      table.row(cells);
    }
    return table.toString();
  }

  private static boolean patches(List<Row> rows) {
    return rows.stream().allMatch(row -> row.label().contains("].row["));
  }

  private static List<String> said(Row row) {
    return row.layers().stream()
        .map(words -> words.stream().map(LensGrid::shown).collect(Collectors.joining(" ")))
        .toList();
  }

  /// For example `4-13, 16`; the first few where there are many.
  private static String ranges(List<Row> rows) {
    List<String> ranges = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      int start = rows.get(i).position();
      int end = start;
      while (i + 1 < rows.size() && rows.get(i + 1).position() == end + 1) {
        end = rows.get(++i).position();
      }
      ranges.add(start == end ? String.valueOf(start) : start + "-" + end);
    }
    return ranges.size() <= RANGES
        ? String.join(", ", ranges)
        : String.join(", ", ranges.subList(0, RANGES)) + ", ...";
  }

  /// The label, and the token where it is a word.
  private static String name(Row row) {
    return row.label().startsWith("image")
        ? Spoken.label(row.label())
        : row.label() + " \"" + row.token().strip().replace("\n", "\\n") + '"';
  }
}
