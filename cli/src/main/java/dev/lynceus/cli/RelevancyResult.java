package dev.lynceus.cli;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.lynceus.method.Degenerate;
import dev.lynceus.method.Spoken;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What `lynceus relevancy` tells.
///
/// @param mode which map
/// @param compatible whether as LVLM-Interpret computes it
/// @param command the command line that makes this result again
record RelevancyResult(
    String model,
    String revision,
    String question,
    String answer,
    String mode,
    boolean compatible,
    String command,
    List<Word> words) {
  private static final int LISTED = 3;

  /// A word of the answer.
  ///
  /// @param imageShare relevancy of the picture, divided by that of picture and question; null
  ///   where it is not known
  /// @param positions relevancy of each position of the sequence; null where it is not known
  // Plain numbers of a result; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  record Word(
      String text, @Nullable Double imageShare, double @Nullable [] positions, List<Map> maps) {}

  /// A map of one view of the picture, one number for each patch, row by row.
  ///
  /// @param map `decoder`, `tower` or `composed`
  // Plain numbers of a result; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  record Map(String map, String view, int rows, int columns, double[] values) {}

  /// For a screen: each word with its image share and its strongest patches.
  String text() {
    TextTable table = new TextTable().row("word", "image share", "strongest patches");
    for (Word word : words) {
      Double share = word.imageShare();
      table.row(
          word.text(),
          share == null || share.isNaN() ? "-" : Spoken.percent(share),
          strongest(word.maps()));
    }
    return answer + "\n\n" + table + Notes.text(notes());
  }

  /// What a reader should know before believing it.
  @JsonProperty(access = JsonProperty.Access.READ_ONLY)
  public List<String> notes() {
    return words.stream()
        .flatMap(word ->
            word.maps().stream()
                .flatMap(map ->
                    Degenerate.map(
                        "the map of \u201c" + word.text().strip() + "\u201d", map.values())
                        .stream()))
        .toList();
  }

  private static boolean several(List<Map> maps, Function<Map, String> what) {
    return maps.stream().map(what).distinct().count() > 1;
  }

  private static String strongest(List<Map> maps) {
    return maps.stream()
        .map(map ->
            (several(maps, Map::map) ? map.map() + " " : "")
                + (several(maps, Map::view) ? map.view() : "")
                + (maps.size() > 1 ? ": " : "")
                + IntStream.range(0, map.values().length)
                    .boxed()
                    .sorted(Comparator.comparingDouble((Integer p) -> -map.values()[p]))
                    .limit(LISTED)
                    .map(p ->
                        "%s (%s)"
                            .formatted(
                                Spoken.patch(p, map.columns()), Spoken.number(map.values()[p])))
                    .collect(Collectors.joining("; ")))
        .collect(Collectors.joining("; "));
  }
}
