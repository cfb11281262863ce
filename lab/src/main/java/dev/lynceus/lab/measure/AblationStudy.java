package dev.lynceus.lab.measure;

import dev.lynceus.method.score.Pointing;
import dev.lynceus.method.score.Ranks;
import dev.lynceus.method.score.Share;
import dev.lynceus.pupil.world.Question;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.TokenMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// What happens to answers when heads are silenced or patches are taken away: the causal checks, on
/// scenes that nothing was chosen on.
final class AblationStudy {
  private static final int[] COUNTS = {1, 2, 3, 5, 8};

  /// Random choices of heads.
  private static final int DRAWS = 5;

  /// Random heads are drawn from outside the best so many.
  private static final int SPARED = 10;

  private final LoadedModel model;
  private final LoadedModel base;
  private final List<Twin> twins;
  private final Progress progress;

  AblationStudy(LoadedModel model, LoadedModel base, List<Twin> twins, Progress progress) {
    this.model = model;
    this.base = base;
    this.twins = List.copyOf(twins);
    this.progress = progress;
  }

  /// One form of a question, and who answers it.
  private record Task(String name, Marker marker, List<Exchange> exchanges) {

    /// How many answers begin with the right colour.
    int right(List<Intervention> changes) {
      return (int) Arrays.stream(marker.mark(exchanges, changes)).filter(Marker.Mark::key).count();
    }

    /// The row that predicts the colour, where it is the same for all; the last one where not.
    int row() {
      int[] rows = exchanges.stream().mapToInt(e -> e.untilKey().length() - 1).distinct().toArray();
      return rows[rows.length - 1];
    }
  }

  /// Silences heads: the best of each ranking, as many at random, and as many at random of the same
  /// layers. Questions about pictures are asked with every ranking and every way to silence; texts,
  /// with those of log increase and zeros.
  ///
  /// @param rankings heads of each, best first; `pictures`, `texts` and `base` first
  /// @param means what heads write in the mean
  List<FindingsReport.Ablation> heads(Map<String, int[]> rankings, Silencing.Means means) {
    List<FindingsReport.Ablation> all = new ArrayList<>();
    List<Question> questions = twins.stream().map(t -> t.question(t.asked())).toList();
    Map<String, int[]> increases = new LinkedHashMap<>(rankings);
    increases.keySet().retainAll(List.of("pictures", "texts", "base"));
    try (Pictures pictures = new Pictures(model, twins.stream().map(Twin::scene).toList())) {
      Task seen =
          new Task(
              "tuned, pictures",
              new Marker(model, pictures),
              IntStream.range(0, twins.size())
                  .mapToObj(i -> Exchange.about(pictures, i, questions.get(i)))
                  .toList());
      for (Silencing how : Silencing.values()) {
        all.addAll(silenced(seen, how, means, rankings));
      }
      for (Task read :
          List.of(
              new Task("tuned, texts", new Marker(model, null), texts(model, questions)),
              new Task("base, texts", new Marker(base, null), texts(base, questions)))) {
        all.addAll(silenced(read, Silencing.ZERO, means, increases));
      }
    }
    return all;
  }

  private List<Exchange> texts(LoadedModel asked, List<Question> questions) {
    return IntStream.range(0, twins.size())
        .mapToObj(i -> Exchange.about(asked, twins.get(i).story(), questions.get(i)))
        .toList();
  }

  private List<FindingsReport.Ablation> silenced(
      Task task, Silencing how, Silencing.Means means, Map<String, int[]> rankings) {
    int perLayer = model.model().decoder().config().heads();
    int[] byPictures = Objects.requireNonNull(rankings.get("pictures"));
    int row = task.row();
    List<FindingsReport.Ablation> rows = new ArrayList<>();
    rows.add(row(task, "none", how, 0, task.right(List.of()), 1));
    for (int count : COUNTS) {
      for (Map.Entry<String, int[]> ranking : rankings.entrySet()) {
        int[] heads = Arrays.copyOf(ranking.getValue(), Math.min(count, ranking.getValue().length));
        int right = task.right(how.of(heads, perLayer, means, row));
        rows.add(row(task, ranking.getKey(), how, heads.length, right, 1));
      }
      int[] best = Arrays.copyOf(byPictures, Math.min(count, byPictures.length));
      int anywhere = 0;
      int sameLayers = 0;
      for (int draw = 0; draw < DRAWS; draw++) {
        SplittableRandom random = new SplittableRandom(1000L * draw + 17).split();
        int[] others = LayerDraws.drawn(spared(byPictures), count, random);
        anywhere += task.right(how.of(others, perLayer, means, row));
        others = LayerDraws.others(best, perLayer, random);
        sameLayers += task.right(how.of(others, perLayer, means, row));
      }
      rows.add(row(task, "random", how, count, anywhere, DRAWS));
      rows.add(row(task, "same layers", how, count, sameLayers, DRAWS));
      progress.at(
          "silenced heads, " + task.name() + ", " + how.label(), count, COUNTS[COUNTS.length - 1]);
    }
    return rows;
  }

  private FindingsReport.Ablation row(
      Task task, String chosen, Silencing how, int count, int right, int draws) {
    return new FindingsReport.Ablation(
        task.name(), chosen, how.label(), count, Share.of(right, draws * twins.size()));
  }

  /// Heads that are not among the best.
  private static int[] spared(int[] ranking) {
    return Arrays.copyOfRange(ranking, Math.min(SPARED, ranking.length / 2), ranking.length);
  }

  /// Takes patches away.
  ///
  /// @param blank what takes their place
  List<FindingsReport.Erasure> patches(float[] blank) {
    String[] names = {"none", "asked object", "other object", "background", "all"};
    int[] right = new int[names.length];
    try (Pictures pictures = new Pictures(model, twins.stream().map(Twin::scene).toList())) {
      Erasing erasing = new Erasing(pictures, blank);
      for (int i = 0; i < twins.size(); i++) {
        Twin twin = twins.get(i);
        Exchange exchange = Exchange.about(pictures, i, twin.question(twin.asked()));
        TokenMap.View view = exchange.prompt().tokens().views().getFirst();
        boolean[] asked = touched(twin, view.tile(), twin.asked());
        boolean[] other = touched(twin, view.tile(), twin.other());
        boolean[] all = new boolean[asked.length];
        Arrays.fill(all, true);
        List<boolean[]> choices =
            List.of(new boolean[asked.length], asked, other, ground(twin, view.tile(), asked), all);
        int[] answers = erasing.answers(exchange.untilKey(), i, view, choices);
        for (int c = 0; c < right.length; c++) {
          right[c] += answers[c] == exchange.key() ? 1 : 0;
        }
        progress.at("erased patches", i + 1L, twins.size());
      }
    }
    return IntStream.range(0, names.length)
        .mapToObj(c -> new FindingsReport.Erasure(names[c], Share.of(right[c], twins.size())))
        .toList();
  }

  /// Patches that touch a thing's box.
  private static boolean[] touched(Twin twin, TokenMap.Tile tile, int thing) {
    boolean[] flags = new boolean[tile.patches()];
    for (int p = 0; p < flags.length; p++) {
      flags[p] = Pointing.shared(tile, p, twin.scene().items().get(thing).box().region()) > 0;
    }
    return flags;
  }

  /// As many random patches of the background as `like` has.
  private static boolean[] ground(Twin twin, TokenMap.Tile tile, boolean[] like) {
    int count = (int) IntStream.range(0, like.length).filter(p -> like[p]).count();
    int[] ground = PatchStudy.ground(twin.scene(), tile);
    double[] lots = new SplittableRandom(twin.number()).split().doubles(ground.length).toArray();
    boolean[] flags = new boolean[like.length];
    Arrays.stream(Ranks.ranking(lots)).limit(count).forEach(i -> flags[ground[i]] = true);
    return flags;
  }
}
