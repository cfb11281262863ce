package dev.lynceus.method.evidence;

import dev.lynceus.method.Inputs;
import dev.lynceus.method.SeeingMap;
import dev.lynceus.method.Spoken;
import dev.lynceus.method.Target;
import dev.lynceus.method.relevancy.RelevancyMaps;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Run;
import dev.lynceus.tap.TokenMap;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Where a model looked on the way to a word: the first map of an explanation, or, where pictures
/// are read by cross-attention (BLIP), the word's relevancy followed back to the patches.
final class Looking {
  private static final String RELEVANCY = "relevancy";

  private final Run run;
  private final @Nullable SeeingMap map;

  /// @param run that kept what [SeeingMap#plan] asks for, where visual tokens stand among words
  Looking(Run run) {
    this.run = run;
    this.map = Inputs.seesByReading(run.model().model()) ? null : SeeingMap.of(run.model());
  }

  private List<double[]> maps(Target word, List<TokenMap.View> views) {
    SeeingMap seeing = map;
    return seeing == null
        ? new RelevancyMaps()
            .explain(run, word, Progress.NONE).maps().stream()
                .map(RelevancyMaps.Maps::composed)
                .toList()
        : views.stream().map(view -> seeing.values(run, word, view)).toList();
  }

  private String method() {
    return map == null
        ? RELEVANCY
        : map.found().isPresent() ? SeeingMap.NAME : SeeingMap.NAME + " (all heads)";
  }

  /// Where it looked; null where the map holds nothing above zero, or visual tokens stand for no
  /// patches.
  Evidence.@Nullable Looked at(Target word) {
    List<TokenMap.View> views = Inputs.seen(run).views();
    if (views.isEmpty()) {
      return null;
    }
    List<double[]> maps = maps(word, views);
    int best =
        IntStream.range(0, views.size())
            .boxed()
            .max(Comparator.comparingDouble(v -> largest(maps.get(v))))
            .orElseThrow();
    if (!(largest(maps.get(best)) > 0)) {
      return null;
    }
    TokenMap.Tile tile = views.get(best).tile();
    double[] values = maps.get(best);
    boolean[] inside = MapRegion.of(values, tile.rows(), tile.columns());
    List<Integer> patches =
        IntStream.range(0, inside.length)
            .filter(p -> inside[p])
            .boxed()
            .sorted(Comparator.comparingDouble(p -> -values[p]))
            .toList();
    String place =
        Spoken.place(
            patches.stream().mapToInt(Integer::intValue).toArray(), tile.rows(), tile.columns());
    return new Evidence.Looked(
        method(),
        maps,
        best,
        patches,
        views.size() > 1 ? place + " of " + views.get(best).label() : place);
  }

  private static double largest(double[] values) {
    return Arrays.stream(values).max().orElse(0);
  }
}
