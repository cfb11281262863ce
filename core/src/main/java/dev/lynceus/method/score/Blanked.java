package dev.lynceus.method.score;

import dev.lynceus.method.Inputs;
import dev.lynceus.method.KeyWord;
import dev.lynceus.method.PatchViews;
import dev.lynceus.method.SeeingHeads.Head;
import dev.lynceus.method.SeeingMap;
import dev.lynceus.method.SeeingReading;
import dev.lynceus.run.Ledger;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Reader;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// One word, what every head reads of the picture for it, and what becomes of it when rectangles of
/// the picture are blanked: the visual tokens there are replaced by the mean visual token of the
/// prompt. In a model that sees tiles a rectangle is blanked in all of them.
///
/// @param views sizes of the views, rows and columns
/// @param maps `[heads][patches of all views]`
/// @param blanked `[blankings]`, the patches that were blanked
/// @param falls `[blankings]`, how far the log probability fell, nats
// Plain numbers; nothing compares these records.
@SuppressWarnings("ArrayRecordComponent")
record Blanked(List<int[]> views, double[][] maps, int[][] blanked, double[] falls) {
  /// Sides of rectangles, as parts of the picture's.
  private static final double LEAST = .25;

  private static final double MOST = .65;

  static Blanked of(
      LoadedModel model, KeyWord word, List<Head> heads, int blankings, SplittableRandom random) {
    Prompt prompt = word.prompt();
    int row = prompt.length() - 1;
    PatchViews.requireAmongWords(model.model(), "heads that see");
    List<TokenMap.View> views = PatchViews.of(model, prompt, "to blank");
    Capture plan = Sweep.base(model);
    for (Capture.Request request :
        SeeingMap.patterns(model.model().decoder().config(), prompt.tokens(), row).requests()) {
      plan = plan.and(request);
    }
    try (Run run = model.run(prompt, plan)) {
      double[][] maps = new double[heads.size()][0];
      SeeingReading reading = new SeeingReading(run, row);
      for (TokenMap.View view : views) {
        double[][] some = reading.of(heads, view);
        for (int h = 0; h < maps.length; h++) {
          maps[h] = joined(maps[h], some[h]);
        }
      }
      int[][] blanked = new int[blankings][];
      for (int i = 0; i < blankings; i++) {
        blanked[i] = rectangle(prompt.tokens(), views, random);
      }
      int[] positions =
          views.stream().flatMapToInt(view -> IntStream.of(view.positions())).toArray();
      int id = word.target().aims().getFirst().id();
      double whole = logProbability(run.logits(), id);
      double[][] read =
          Sweep.of(
                  run,
                  IntStream.range(0, blankings)
                      .mapToObj(i ->
                          without(run, IntStream.of(blanked[i]).map(p -> positions[p]).toArray()))
                      .toList(),
                  new Reader.Logits(logits -> new double[] {logProbability(logits, id)}))
              .run(Progress.NONE, Ledger.NONE);
      return new Blanked(
          views.stream()
              .map(view -> new int[] {view.tile().rows(), view.tile().columns()})
              .toList(),
          maps,
          blanked,
          IntStream.range(0, blankings).mapToDouble(i -> whole - read[i][0]).toArray());
    }
  }

  /// Patches whose middle lies in a random rectangle of one of the pictures; one at least.
  private static int[] rectangle(
      TokenMap tokens, List<TokenMap.View> views, SplittableRandom random) {
    while (true) {
      int image = random.nextInt(tokens.grids().size());
      TokenMap.ImageGrid grid = tokens.grids().get(image);
      double width = grid.width() * random.nextDouble(LEAST, MOST);
      double height = grid.height() * random.nextDouble(LEAST, MOST);
      double left = random.nextDouble() * (grid.width() - width);
      double top = random.nextDouble() * (grid.height() - height);
      List<Integer> inside = new ArrayList<>();
      int first = 0;
      for (TokenMap.View view : views) {
        TokenMap.Tile tile = view.tile();
        for (int p = 0; p < tile.patches() && view.image() == image; p++) {
          double[] at = tile.pixels(p / tile.columns(), p % tile.columns());
          double x = at[0] + at[2] / 2 - left;
          double y = at[1] + at[3] / 2 - top;
          if (x >= 0 && x < width && y >= 0 && y < height) {
            inside.add(first + p);
          }
        }
        first += tile.patches();
      }
      if (!inside.isEmpty()) {
        return inside.stream().mapToInt(Integer::intValue).toArray();
      }
    }
  }

  /// Puts the mean visual token of the prompt at some positions.
  static List<Intervention> without(Run run, int[] positions) {
    return Inputs.at(run, Positions.of(positions), new Op.Mean(Positions.parse("image")));
  }

  static double logProbability(Tensor logits, int word) {
    try (Scope scope = Scope.open()) {
      return Torch.logSoftmax(logits.to(DType.FLOAT64).reshape(1, -1), 1)
          .select(1, word)
          .toDoubles()[0];
    }
  }

  private static double[] joined(double[] a, double[] b) {
    return java.util.stream.DoubleStream.concat(
            java.util.Arrays.stream(a), java.util.Arrays.stream(b))
        .toArray();
  }

  /// Rank correlation of what blankings take of a set's map with how far the word fell; NaN where
  /// nothing changed it.
  ///
  /// @param set numbers of heads
  double agreement(int[] set) {
    double[] map = new double[maps[0].length];
    for (int head : set) {
      for (int p = 0; p < map.length; p++) {
        map[p] += maps[head][p];
      }
    }
    double[] gathered = new double[0];
    int first = 0;
    for (int[] view : views) {
      int size = view[0] * view[1];
      double[] own = java.util.Arrays.copyOfRange(map, first, first + size);
      gathered = joined(gathered, SeeingReading.gathered(own, view[0], view[1]));
      first += size;
    }
    double[] taken = new double[blanked.length];
    for (int i = 0; i < taken.length; i++) {
      for (int p : blanked[i]) {
        taken[i] += gathered[p];
      }
    }
    return Ranks.spearman(taken, falls);
  }
}
