package dev.lynceus.lab.measure;

import dev.lynceus.method.LogitLens;
import dev.lynceus.method.Shuffled;
import dev.lynceus.method.score.Estimate;
import dev.lynceus.method.score.Pointing;
import dev.lynceus.method.score.Share;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.nn.Linear;
import dev.lynceus.pupil.world.Colour;
import dev.lynceus.pupil.world.Item;
import dev.lynceus.pupil.world.Scene;
import dev.lynceus.pupil.world.Silhouette;
import dev.lynceus.pupil.world.World;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Words that are read from visual tokens at every depth: of the thing that a patch shows, and for
/// comparison words that are not in the picture, and the thing's words at patches of the
/// background.
final class PatchStudy {
  /// Quantities that are kept of each scene and depth.
  private static final int COLUMNS = 6;

  private final LoadedModel model;
  private final int depths;
  private final List<double[][]> scenes = new ArrayList<>();
  private final List<List<Integer>> colourRanks = new ArrayList<>();
  private final List<List<Integer>> nounRanks = new ArrayList<>();
  private final int[] colours;

  /// Patches read at each depth, and those at which the right colour is the first, or the last, of
  /// all colours.
  private final int[][] places;

  PatchStudy(LoadedModel model) {
    this.model = model;
    this.depths = model.model().decoder().config().layers() + 2;
    this.colours = Arrays.stream(Colour.values()).mapToInt(c -> word(c.word())).toArray();
    this.places = new int[depths][3];
    for (int d = 0; d < depths; d++) {
      colourRanks.add(new ArrayList<>());
      nounRanks.add(new ArrayList<>());
    }
  }

  /// What is read of one scene.
  private record Plan(
      int[] own, int[] ground, int colour, int otherColour, int noun, int otherNoun) {}

  /// Adds scenes, given as prompts of one length about their pictures.
  void add(Pictures pictures, List<Prompt> prompts, List<Twin> twins, SplittableRandom random) {
    TokenMap.View view = prompts.getFirst().tokens().views().getFirst();
    List<Plan> plans = new ArrayList<>();
    for (Twin twin : twins) {
      plans.add(plan(twin, view.tile(), random));
    }
    TextStack decoder = model.model().decoder();
    int[] of = IntStream.range(0, prompts.size()).toArray();
    try (Scope scope = Scope.open();
        Run run =
            pictures.run(
                prompts,
                of,
                LogitLens.capture(decoder.config(), Positions.of(view.positions())),
                List.of())) {
      List<double[][]> rows = new ArrayList<>();
      for (int i = 0; i < plans.size(); i++) {
        rows.add(new double[depths][]);
      }
      for (int d = 0; d < depths; d++) {
        try (Scope inner = Scope.open()) {
          for (int i = 0; i < plans.size(); i++) {
            rows.get(i)[d] = read(decoder, run, i, d, plans.get(i));
          }
        }
      }
      scenes.addAll(rows);
    }
  }

  private double[] read(TextStack decoder, Run run, int scene, int depth, Plan plan) {
    int layers = decoder.config().layers();
    int layer = Math.max(0, depth - 1);
    Tensor kept =
        layer < layers ? run.get(Point.RESID_PRE, layer) : run.get(Point.RESID_POST, layers - 1);
    int[] both = IntStream.concat(IntStream.of(plan.own()), IntStream.of(plan.ground())).toArray();
    double[] values = new double[COLUMNS];
    Arrays.fill(values, Double.NaN);
    if (both.length == 0) {
      return values;
    }
    Tensor states = kept.select(0, scene).indexSelect(0, Tensor.indices(both));
    WordRanks ranks = ranks(decoder, depth, states);
    int own = plan.own().length;
    values[0] = ranks.reciprocal(0, own, plan.colour());
    values[1] = ranks.reciprocal(0, own, plan.otherColour());
    values[2] = ranks.reciprocal(own, both.length, plan.colour());
    values[3] = ranks.reciprocal(0, own, plan.noun());
    values[4] = ranks.reciprocal(0, own, plan.otherNoun());
    values[5] = ranks.reciprocal(own, both.length, plan.noun());
    for (int i = 0; i < own; i++) {
      colourRanks.get(depth).add(ranks.rank(i, plan.colour()));
      nounRanks.get(depth).add(ranks.rank(i, plan.noun()));
      int place = ranks.place(i, plan.colour(), colours);
      places[depth][0]++;
      places[depth][1] += place == 1 ? 1 : 0;
      places[depth][2] += place == colours.length ? 1 : 0;
    }
    return values;
  }

  /// How words are read at a depth: against the input embeddings at the first, through the
  /// unembedding at all others.
  static WordRanks ranks(TextStack decoder, int depth, Tensor states) {
    return WordRanks.of(
        depth == 0
            ? new Linear(decoder.weights().embedding(), null).apply(states)
            : new LogitLens(LogitLens.Normalization.OWN).logits(decoder, states));
  }

  /// Where the right colour stands among all colours, the input embeddings first.
  List<FindingsReport.Inverted> inverted() {
    return IntStream.range(0, depths)
        .mapToObj(d ->
            new FindingsReport.Inverted(
                d - 1, Share.of(places[d][1], places[d][0]), Share.of(places[d][2], places[d][0])))
        .toList();
  }

  private Plan plan(Twin twin, TokenMap.Tile tile, SplittableRandom random) {
    Scene scene = twin.scene();
    Item item = scene.items().get(twin.asked());
    int[] own = own(item, tile);
    int[] ground = Shuffled.of(ground(scene, tile), random);
    List<Colour> absent =
        Arrays.stream(Colour.values())
            .filter(c -> scene.items().stream().noneMatch(other -> other.colour() == c))
            .toList();
    List<String> strangers =
        Silhouette.names().stream()
            .filter(n -> scene.items().stream().noneMatch(other -> other.noun().equals(n)))
            .toList();
    return new Plan(
        own,
        Arrays.copyOf(ground, Math.min(ground.length, own.length)),
        word(item.colour().word()),
        word(absent.get(random.nextInt(absent.size())).word()),
        word(item.noun()),
        word(strangers.get(random.nextInt(strangers.size()))));
  }

  private int word(String word) {
    return Twin.word(model.tokenizer(), word);
  }

  /// Patches of which a thing covers at least half.
  static int[] own(Item item, TokenMap.Tile tile) {
    return IntStream.range(0, tile.patches())
        .filter(patch -> {
          double[] area = tile.pixels(patch / tile.columns(), patch % tile.columns());
          int covered = 0;
          int all = 0;
          for (int y = (int) area[1]; y < area[1] + area[3]; y++) {
            for (int x = (int) area[0]; x < area[0] + area[2]; x++) {
              covered += item.covers(x, y, World.SIZE) ? 1 : 0;
              all++;
            }
          }
          return 2 * covered >= all;
        })
        .toArray();
  }

  /// Patches that touch no thing's box.
  static int[] ground(Scene scene, TokenMap.Tile tile) {
    return IntStream.range(0, tile.patches())
        .filter(patch ->
            scene.items().stream()
                .allMatch(item -> Pointing.shared(tile, patch, item.box().region()) == 0))
        .toArray();
  }

  /// What was found, the input embeddings first.
  List<FindingsReport.PatchWords> words() {
    List<FindingsReport.PatchWords> words = new ArrayList<>();
    for (int d = 0; d < depths; d++) {
      Estimate[] means = new Estimate[COLUMNS];
      for (int c = 0; c < COLUMNS; c++) {
        int depth = d;
        int column = c;
        means[c] =
            Estimate.mean(scenes.stream().mapToDouble(scene -> scene[depth][column]).toArray());
      }
      words.add(
          new FindingsReport.PatchWords(
              d - 1,
              means[0],
              means[1],
              means[2],
              means[3],
              means[4],
              means[5],
              median(colourRanks.get(d)),
              median(nounRanks.get(d))));
    }
    return words;
  }

  private static double median(List<Integer> ranks) {
    int[] sorted = ranks.stream().mapToInt(Integer::intValue).sorted().toArray();
    return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
  }
}
