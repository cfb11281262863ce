package dev.lynceus.method.lens;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.lynceus.method.Degenerate;
import dev.lynceus.method.Explanation.Word;
import dev.lynceus.method.Finding;
import dev.lynceus.method.Spoken;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Words at every depth of some positions.
///
/// @param rows one per position
public record LensGrid(String model, List<Row> rows) implements Finding {
  public LensGrid {
    rows = List.copyOf(rows);
  }

  /// A position.
  ///
  /// @param label for example `image[0].row[3].col[7]`
  /// @param token text of the token there
  /// @param layers words at each depth; score = probability
  public record Row(int position, String label, String token, List<List<Word>> layers) {}

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

  /// Positions at which the same words are read at every depth, together; in the order of the first
  /// of them.
  public List<List<Row>> folded() {
    Map<List<String>, List<Row>> by = new LinkedHashMap<>();
    rows.forEach(row -> by.computeIfAbsent(said(row), words -> new ArrayList<>()).add(row));
    return List.copyOf(by.values());
  }

  private static List<String> said(Row row) {
    return row.layers().stream()
        .map(words -> words.stream().map(LensGrid::shown).collect(Collectors.joining(" ")))
        .toList();
  }

  /// What a reader sees for a word.
  public static String shown(Word word) {
    String text = word.text().strip();
    return text.isEmpty() ? "␣" : text;
  }
}
