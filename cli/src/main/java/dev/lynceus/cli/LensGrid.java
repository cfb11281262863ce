package dev.lynceus.cli;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.lynceus.method.Degenerate;
import dev.lynceus.method.Explanation.Word;
import dev.lynceus.method.Spoken;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Words at every depth of some positions.
///
/// @param rows one per position
record LensGrid(String model, List<Row> rows) {
  private static final int RANGES = 4;

  /// A position.
  ///
  /// @param label for example `image[0].row[3].col[7]`
  /// @param token text of the token there
  /// @param layers words at each depth; score = probability
  record Row(int position, String label, String token, List<List<Word>> layers) {}

  /// One position as a list of layers, several as a table with a column for each layer.
  String text() {
    return (rows.size() == 1 ? single(rows.getFirst()) : table()) + Notes.text(notes());
  }

  /// What a reader should know before believing it: lists of words that tell nothing.
  @JsonProperty(access = JsonProperty.Access.READ_ONLY)
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    for (Row row : rows) {
      for (int layer = 0; layer < row.layers().size(); layer++) {
        Degenerate.words(
                "the lens %s at position %d".formatted(Spoken.depth(layer), row.position()),
                row.layers().get(layer))
            .ifPresent(notes::add);
      }
    }
    for (int layer = 0; !rows.isEmpty() && layer < rows.getFirst().layers().size(); layer++) {
      int depth = layer;
      List<String> first =
          rows.stream()
              .filter(row -> !row.layers().get(depth).isEmpty())
              .map(row -> row.layers().get(depth).getFirst().text())
              .toList();
      Degenerate.places("the lens " + Spoken.depth(layer), first, "positions")
          .ifPresent(notes::add);
    }
    folded().stream()
        .filter(rows -> rows.size() > 2 && 3 * rows.size() > this.rows.size())
        .forEach(rows ->
            notes.add(
                "%d of %d positions read the same words at every depth: it is what the lens reads"
                        .formatted(rows.size(), this.rows.size())
                    + " where it can read nothing"));
    return List.copyOf(notes);
  }

  private static String single(Row row) {
    TextTable table = new TextTable();
    for (int layer = 0; layer < row.layers().size(); layer++) {
      List<String> cells = new ArrayList<>();
      cells.add(Spoken.depth(layer));
      row.layers()
          .get(layer)
          .forEach(word -> cells.add("%s %s".formatted(shown(word), Spoken.percent(word.score()))));
      table.row(cells);
    }
    return "position %d, %s\n\n%s".formatted(row.position(), name(row), table);
  }

  private String table() {
    TextTable table = new TextTable();
    List<String> head = new ArrayList<>(List.of("", ""));
    for (int layer = 0; layer < rows.getFirst().layers().size(); layer++) {
      head.add(Spoken.depth(layer));
    }
    table.row(head);
    for (List<Row> same : folded()) {
      Row first = same.getFirst();
      List<String> cells =
          new ArrayList<>(
              same.size() == 1
                  ? List.of(String.valueOf(first.position()), name(first))
                  : List.of(ranges(same), same.size() + " positions"));
      cells.addAll(said(first));
      table.row(cells);
    }
    return table.toString();
  }

  /// Positions at which the same words are read at every depth, together; in the order of the first
  /// of them.
  private List<List<Row>> folded() {
    Map<List<String>, List<Row>> by = new LinkedHashMap<>();
    rows.forEach(row -> by.computeIfAbsent(said(row), words -> new ArrayList<>()).add(row));
    return List.copyOf(by.values());
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

  private static String shown(Word word) {
    String text = word.text().strip();
    return text.isEmpty() ? "␣" : text;
  }
}
