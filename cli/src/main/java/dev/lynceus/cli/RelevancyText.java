package dev.lynceus.cli;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.relevancy.RelevancyResult;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What `relevancy` tells on a screen.
record RelevancyText(RelevancyResult result) {
  private static final int LISTED = 3;

  /// For a screen: each word with its image share and its strongest patches.
  String text() {
    boolean seen = result.words().stream().anyMatch(word -> !word.maps().isEmpty());
    boolean asked = !result.beside().isEmpty();
    TextTable table =
        !seen
            ? new TextTable().row("word", "strongest words")
            : asked
                ? new TextTable()
                    .row("word", "strongest words of the question", "strongest patches")
                : new TextTable().row("word", "image share", "strongest patches");
    for (RelevancyResult.Word word : result.words()) {
      Double share = word.imageShare();
      if (!seen) {
        table.row(word.text(), strongest(word.positions(), result.tokens()));
      } else {
        table.row(
            word.text(),
            asked
                ? strongest(word.question(), result.beside())
                : share == null || share.isNaN() ? "-" : Spoken.percent(share),
            strongest(word.maps()));
      }
    }
    return result.answer() + "\n\n" + table + Notes.text(result.notes());
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

  private static boolean several(
      List<RelevancyResult.Map> maps, Function<RelevancyResult.Map, String> what) {
    return maps.stream().map(what).distinct().count() > 1;
  }

  private static String strongest(List<RelevancyResult.Map> maps) {
    return maps.stream()
        .map(map ->
            (several(maps, RelevancyResult.Map::map) ? map.map() + " " : "")
                + (several(maps, RelevancyResult.Map::view) ? map.view() : "")
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
