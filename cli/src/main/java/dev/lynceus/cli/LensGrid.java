package dev.lynceus.cli;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.lynceus.method.Degenerate;
import dev.lynceus.method.Explanation.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Words at every depth of some positions.
///
/// @param rows one per position
record LensGrid(String model, List<Row> rows) {

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
                "layer %d at position %d".formatted(layer, row.position()), row.layers().get(layer))
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
      Degenerate.places("layer " + layer, first, "positions").ifPresent(notes::add);
    }
    return List.copyOf(notes);
  }

  private static String single(Row row) {
    TextTable table = new TextTable();
    for (int layer = 0; layer < row.layers().size(); layer++) {
      List<String> cells = new ArrayList<>();
      cells.add("layer " + layer);
      row.layers()
          .get(layer)
          .forEach(word ->
              cells.add(
                  "%s %s"
                      .formatted(shown(word), String.format(Locale.ROOT, "%.3f", word.score()))));
      table.row(cells);
    }
    return "position %d, %s\n\n%s".formatted(row.position(), name(row), table);
  }

  private String table() {
    TextTable table = new TextTable();
    List<String> head = new ArrayList<>(List.of("", ""));
    for (int layer = 0; layer < rows.getFirst().layers().size(); layer++) {
      head.add("layer " + layer);
    }
    table.row(head);
    for (Row row : rows) {
      List<String> cells = new ArrayList<>(List.of(String.valueOf(row.position()), name(row)));
      row.layers()
          .forEach(words ->
              cells.add(words.stream().map(LensGrid::shown).collect(Collectors.joining(" "))));
      table.row(cells);
    }
    return table.toString();
  }

  /// The label, and the token where it is a word.
  private static String name(Row row) {
    return row.label().startsWith("image")
        ? row.label()
        : row.label() + " \"" + row.token().strip().replace("\n", "\\n") + '"';
  }

  private static String shown(Word word) {
    String text = word.text().strip();
    return text.isEmpty() ? "␣" : text;
  }
}
