package dev.lynceus.lab.measure;

import dev.lynceus.method.FrozenLens;
import dev.lynceus.method.LogIncrease;
import dev.lynceus.method.Target;
import dev.lynceus.method.WordViews;
import dev.lynceus.method.score.Estimate;
import dev.lynceus.method.score.Ranks;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Which words are in what the best heads move from a position into the predicting row, and in what
/// they find there, at the positions with the largest increases and at random ones (arXiv
/// 2411.10950).
final class ValueStudy {
  private final LoadedModel model;
  private final int[] heads;
  private final int places;
  private final List<double[]> moved = new ArrayList<>();
  private final List<double[]> found = new ArrayList<>();

  /// @param heads numbers of the heads that are looked at
  /// @param places positions that are taken of each
  ValueStudy(LoadedModel model, int[] heads, int places) {
    this.model = model;
    this.heads = heads.clone();
    this.places = places;
  }

  /// Adds a scene.
  ///
  /// @param candidates positions among which the best and the random ones are chosen: all patches,
  ///   or the whole text
  void add(
      HeadStudy.Runner runner,
      Prompt prompt,
      int[] candidates,
      int colour,
      int noun,
      SplittableRandom random) {
    int row = prompt.length() - 1;
    LogIncrease method = new LogIncrease();
    TextStack decoder = model.model().decoder();
    Capture plan = method.capture(new Run.Shape(decoder.config()), row);
    double[] output = new double[4];
    double[] input = new double[4];
    try (Scope scope = Scope.open();
        Run run = runner.run(prompt, plan)) {
      int last = decoder.config().layers() - 1;
      FrozenLens lens =
          FrozenLens.of(decoder, run.get(Point.RESID_POST, last).select(0, 0).select(0, row));
      for (int head : heads) {
        int layer = head / decoder.config().heads();
        int own = head % decoder.config().heads();
        double[] increases = method.positions(run, Target.token("", row, colour), layer, own);
        int[] chosen = chosen(increases, candidates, random);
        Tensor stream =
            run.get(Point.RESID_PRE, layer).select(0, 0).indexSelect(0, Tensor.indices(chosen));
        Tensor both = Torch.cat(List.of(WordViews.moved(run, row, layer, own, chosen), stream), 0);
        WordRanks ranks = WordRanks.of(lens.logits(both));
        add(output, ranks, 0, colour, noun);
        add(input, ranks, chosen.length, colour, noun);
      }
    }
    moved.add(output);
    found.add(input);
  }

  /// The best positions, then as many random ones.
  private int[] chosen(double[] increases, int[] candidates, SplittableRandom random) {
    double[] values = IntStream.of(candidates).mapToDouble(p -> increases[p]).toArray();
    int[] best =
        Arrays.stream(Ranks.ranking(values)).limit(places).map(i -> candidates[i]).toArray();
    int[] others =
        IntStream.range(0, best.length)
            .map(i -> candidates[random.nextInt(candidates.length)])
            .toArray();
    return IntStream.concat(IntStream.of(best), IntStream.of(others)).toArray();
  }

  private void add(double[] sums, WordRanks ranks, int from, int colour, int noun) {
    int half = from + ranks.rows() / 4;
    int end = from + ranks.rows() / 2;
    sums[0] += ranks.reciprocal(from, half, colour) / heads.length;
    sums[1] += ranks.reciprocal(half, end, colour) / heads.length;
    sums[2] += ranks.reciprocal(from, half, noun) / heads.length;
    sums[3] += ranks.reciprocal(half, end, noun) / heads.length;
  }

  /// What was found.
  List<FindingsReport.ValueWords> words(String form) {
    return List.of(words(form, "value output", moved), words(form, "layer input", found));
  }

  private static FindingsReport.ValueWords words(
      String form, String vector, List<double[]> scenes) {
    Estimate[] means = new Estimate[4];
    for (int i = 0; i < means.length; i++) {
      int column = i;
      means[i] = Estimate.mean(scenes.stream().mapToDouble(s -> s[column]).toArray());
    }
    return new FindingsReport.ValueWords(form, vector, means[0], means[1], means[2], means[3]);
  }
}
