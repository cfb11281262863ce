package dev.lynceus.lab.literacy;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageRegion;
import dev.lynceus.lab.picture.Region;
import dev.lynceus.method.KeyWord;
import dev.lynceus.method.PatchViews;
import dev.lynceus.method.TargetSpec;
import dev.lynceus.method.score.Comparer;
import dev.lynceus.method.score.Comparison;
import dev.lynceus.method.score.Estimate;
import dev.lynceus.method.score.Pointing;
import dev.lynceus.method.score.Share;
import dev.lynceus.method.score.Truth;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.tap.TokenMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Maps the answers that a model gave, and holds the maps against the boxes of the evidence: the
/// pointing game, beside what a random patch would hit.
///
/// @param taker the model
/// @param settings which methods, and how many items
/// @param progress told of every map
record EvidencePointing(ModelTaker taker, LiteracySettings settings, Progress progress) {
  private static final int TOKENS = 8;

  /// The maps of the first items, method by method.
  List<Mapped> of(List<Taken> taken) {
    List<Mapped> mapped = new ArrayList<>();
    List<Taken> chosen = chosen(taken);
    for (Taken one : chosen) {
      if (progress.cancelled()) {
        throw new LynceusException(
            ErrorCode.CANCELLED, "stopped at maps", "Ask for fewer maps (--maps).");
      }
      progress.at("maps", mapped.size(), (long) chosen.size() * settings.maps().size());
      mapped.addAll(maps(one));
    }
    return mapped;
  }

  /// One of each place first, then a second, and so on.
  private List<Taken> chosen(List<Taken> taken) {
    Map<String, Integer> seen = new HashMap<>();
    Map<Taken, Integer> round = new LinkedHashMap<>();
    for (Taken one : taken) {
      if (one.item().made().isPresent()) {
        round.put(one, seen.merge(one.item().place(), 1, Integer::sum));
      }
    }
    return round.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.naturalOrder()))
        .limit(settings.mapped())
        .map(Map.Entry::getKey)
        .toList();
  }

  private List<Mapped> maps(Taken one) {
    LoadedModel model = taker.speaker().model();
    Taken.Asked first = one.asked().getFirst();
    TestTaker.Put put = LiteracyStudy.put(one.item(), first.order(), Seen.OWN);
    Prompt prompt = taker.prompt(put);
    String answer = taker.answers(put.options()).get(first.answer().option());
    KeyWord word = KeyWord.find(model, prompt, new TargetSpec.Word(answer), TOKENS);
    TokenMap.View view = PatchViews.of(model, word.prompt(), "to map").getFirst();
    Drawn drawn = one.item().drawn().orElseThrow();
    List<Part> evidence = drawn.of(one.item().made().orElseThrow().evidence());
    Truth truth =
        new Truth(evidence.stream().map(part -> box(part.region(), drawn)).toList(), List.of());
    Comparison compared =
        new Comparer(
                model,
                settings.maps(),
                new Comparer.Settings(0, 0, 0, settings.seed()),
                Progress.NONE)
            .compare(word, 0, truth);
    double onParts = onParts(truth, drawn, view.tile());
    List<Mapped> mapped = new ArrayList<>();
    for (Comparison.Judged judged : compared.methods()) {
      mapped.add(
          new Mapped(
              one.item().id(),
              judged.method(),
              Arrays.stream(judged.map()).boxed().toList(),
              view.tile(),
              judged.truth().orElseThrow(),
              onParts,
              on(judged.map(), view.tile(), drawn),
              first.option() == one.item().key()));
    }
    return mapped;
  }

  /// What the strongest patch would hit if it lay on any part of the chart by chance: a map that is
  /// drawn to ink alone hits more than a random patch.
  private static double onParts(Truth evidence, Drawn drawn, TokenMap.Tile tile) {
    boolean[] wanted = evidence.inside(tile);
    boolean[] any =
        new Truth(drawn.parts().stream().map(part -> box(part.region(), drawn)).toList(), List.of())
            .inside(tile);
    int hits = 0;
    int all = 0;
    for (int patch = 0; patch < any.length; patch++) {
      hits += wanted[patch] ? 1 : 0;
      all += any[patch] || wanted[patch] ? 1 : 0;
    }
    return hits / (double) all;
  }

  /// What of the chart the strongest patch shares most with, by the part of the patch.
  private static String on(double[] map, TokenMap.Tile tile, Drawn drawn) {
    int strongest = Pointing.order(map).getFirst();
    int line = strongest / tile.columns();
    double[] at = tile.pixels(line, strongest % tile.columns());
    String best = Mapped.NOTHING;
    double most = 0;
    for (Part part : drawn.parts()) {
      double share =
          part.region()
              .mask(drawn.image().width(), drawn.image().height())
              .share(at[0], at[1], at[2], at[3]);
      if (share > most) {
        most = share;
        best = part.what().label();
      }
    }
    return best;
  }

  private static ImageRegion box(Region region, Drawn drawn) {
    Region.Box box =
        region instanceof Region.Box own
            ? own
            : region.mask(drawn.image().width(), drawn.image().height()).bounds().orElseThrow();
    return new ImageRegion(box.x0(), box.y0(), box.x1() - box.x0(), box.y1() - box.y0());
  }

  /// A row for each method.
  static List<LiteracyReport.PointingRow> rows(List<Mapped> mapped) {
    Map<String, List<Mapped>> methods = new LinkedHashMap<>();
    mapped.forEach(one -> methods.computeIfAbsent(one.method(), key -> new ArrayList<>()).add(one));
    List<LiteracyReport.PointingRow> rows = new ArrayList<>();
    methods.forEach((method, maps) -> {
      Map<String, Double> on = new LinkedHashMap<>();
      for (Part.What what : Part.What.values()) {
        on.put(what.label(), 0.0);
      }
      on.put(Mapped.NOTHING, 0.0);
      maps.forEach(map -> on.merge(map.on(), 1.0 / maps.size(), Double::sum));
      List<Mapped> right = maps.stream().filter(Mapped::right).toList();
      rows.add(
          new LiteracyReport.PointingRow(
              method,
              hits(maps),
              maps.stream()
                  .mapToDouble(map -> map.pointing().chance())
                  .average()
                  .orElse(Double.NaN),
              maps.stream().mapToDouble(Mapped::onParts).average().orElse(Double.NaN),
              Estimate.mean(maps.stream().mapToDouble(map -> map.pointing().precision()).toArray()),
              hits(right),
              on));
    });
    return rows;
  }

  private static Share hits(List<Mapped> maps) {
    return Share.of(
        (int) maps.stream().filter(map -> map.pointing().hit() >= .5).count(), maps.size());
  }
}
