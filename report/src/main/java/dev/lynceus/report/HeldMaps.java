package dev.lynceus.report;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.evidence.Evidence;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The card about words that can be read out of the picture's own tokens.
final class HeldMaps {
  /// Probability below which no map of held words is drawn: what a lens gives any word.
  private static final double FLOOR = .05;

  private HeldMaps() {}

  /// Closed: on models whose visual tokens are no words these maps say nothing.
  static StaticPage.Section section(Evidence found, List<BufferedImage> seen) {
    List<StaticPage.Shot> shots = shots(found, seen);
    StaticPage.Part maps =
        shots.isEmpty()
            ? new StaticPage.Text(
                "No word is read out of any patch with a probability of "
                    + Spoken.percent(FLOOR)
                    + ".")
            : new StaticPage.Gallery(shots);
    return new StaticPage.Section(
        "Experimental",
        "",
        List.of(
            new StaticPage.Closed(
                "Which words can be read out of the picture\u2019s own tokens",
                List.of(
                    new StaticPage.Text(
                        "For each patch, the largest probability of the word over all layers ("
                            + found.reading()
                            + " reading). Below "
                            + Spoken.percent(FLOOR)
                            + " nothing is drawn. That a word can be read out of a patch does not"
                            + " show that the model uses it; of the bundled model it tells nothing"
                            + " (docs/concepts/evidence.md)."),
                    maps))),
        "");
  }

  private static List<StaticPage.Shot> shots(Evidence found, List<BufferedImage> seen) {
    List<StaticPage.Shot> shots = new ArrayList<>();
    Stream.concat(
            found.asked().stream().map(thing -> shots(found, seen, thing.text(), thing.held())),
            found.words().stream()
                .filter(word ->
                    found.asked().stream().noneMatch(a -> a.text().equalsIgnoreCase(word.text())))
                .map(word -> shots(found, seen, word.text(), word.held())))
        .forEach(shots::addAll);
    return shots;
  }

  private static List<StaticPage.Shot> shots(
      Evidence found, List<BufferedImage> seen, String word, Evidence.@Nullable Held held) {
    List<StaticPage.Shot> shots = new ArrayList<>();
    for (int v = 0; held != null && v < found.views().size(); v++) {
      if (Arrays.stream(held.maps().get(v)).max().orElse(0) < FLOOR) {
        continue;
      }
      double[] drawn = Arrays.stream(held.maps().get(v)).map(p -> p < FLOOR ? 0 : p).toArray();
      Evidence.View view = found.views().get(v);
      String title = found.views().size() > 1 ? word + " · " + view.label() : word;
      shots.add(
          new StaticPage.Shot(
              title,
              "at most " + Spoken.percent(held.value()) + ", " + Spoken.depth(held.depth()),
              MapPicture.over(seen.get(v), drawn, view.rows(), view.columns())));
    }
    return shots;
  }
}
