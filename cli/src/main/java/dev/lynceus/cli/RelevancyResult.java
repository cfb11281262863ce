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
/// @param tokens the sequence that [Word#positions()] are of
/// @param beside the words that an encoder read, which [Word#question()] is of; empty for most
///   models
record RelevancyResult(
    String model,
    String revision,
    String question,
    String answer,
    String mode,
    boolean compatible,
    String command,
    List<String> tokens,
    List<String> beside,
    List<Word> words) {
  private static final int LISTED = 3;

  /// A word of the answer.
  ///
  /// @param imageShare relevancy of the picture, divided by that of picture and question; null
  ///   where it is not known
  /// @param positions relevancy of each position of the sequence; null where it is not known
  /// @param question relevancy of each word that an encoder read; null where none did
  // Plain numbers of a result; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  record Word(
      String text,
      @Nullable Double imageShare,
      double @Nullable [] positions,
      double @Nullable [] question,
      List<Map> maps) {}

  /// A map of one view of the picture, one number for each patch, row by row.
  ///
  /// @param map `decoder`, `tower` or `composed`
  // Plain numbers of a result; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  record Map(String map, String view, int rows, int columns, double[] values) {}

  /// For a screen: each word with its image share and its strongest patches.
  String text() {
    boolean seen = words.stream().anyMatch(word -> !word.maps().isEmpty());
    boolean asked = !beside.isEmpty();
    TextTable table =
        !seen
            ? new TextTable().row("word", "strongest words")
            : asked
                ? new TextTable()
                    .row("word", "strongest words of the question", "strongest patches")
                : new TextTable().row("word", "image share", "strongest patches");
    for (Word word : words) {
      Double share = word.imageShare();
      if (!seen) {
        table.row(word.text(), strongest(word.positions(), tokens));
      } else {
        table.row(
            word.text(),
            asked
                ? strongest(word.question(), beside)
                : share == null || share.isNaN() ? "-" : Spoken.percent(share),
            strongest(word.maps()));
      }
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

  private static String strongest(double @Nullable [] values, List<String> texts) {
    if (values == null) {
      return "-";
    }
    return IntStream.range(0, values.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer p) -> -values[p]))
        .limit(LISTED)
        .map(p -> "%s (%s)".formatted(texts.get(p), Spoken.percent(values[p])))
        .collect(Collectors.joining("; "));
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
