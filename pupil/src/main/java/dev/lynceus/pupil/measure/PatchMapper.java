package dev.lynceus.pupil.measure;

import dev.lynceus.method.AverageAttention;
import dev.lynceus.method.LogIncrease;
import dev.lynceus.method.Progress;
import dev.lynceus.method.Target;
import dev.lynceus.method.causal.Job;
import dev.lynceus.method.causal.Measures;
import dev.lynceus.method.causal.Occlusion;
import dev.lynceus.method.causal.Readout;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.TokenMap;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// A method that says of each patch how much it mattered for a word. To have another one scored,
/// add it to [#ALL].
public interface PatchMapper {

  /// All methods that are scored, the baselines last.
  List<PatchMapper> ALL =
      List.of(
          new BestHead(),
          new SeeingHead(),
          new TopHeads(),
          new AttentionMean(),
          new Hiding(),
          new ByChance(),
          new NearCentre());

  /// The name on the command line.
  String name();

  /// What the run must keep.
  ///
  /// @param firstRow the row that predicts the word
  default Capture capture(LoadedModel model, int firstRow) {
    return Capture.NONE;
  }

  /// The map.
  ///
  /// @param run one prompt about one picture, with what [#capture] asks for
  /// @param target the word
  /// @param view where the patches lie in the sequence and on the picture
  /// @param random for what is left to chance
  /// @return one number for each patch, row by row; larger says that the patch mattered more
  double[] map(Run run, Target target, TokenMap.View view, SplittableRandom random);

  private static Capture forIncreases(LoadedModel model, int firstRow) {
    return new LogIncrease().capture(new Run.Shape(model.model().decoder().config()), firstRow);
  }

  /// Log increase of each patch alone through the head with the largest increase (arXiv
  /// 2411.10950).
  record BestHead() implements PatchMapper {
    @Override
    public String name() {
      return "log-increase";
    }

    @Override
    public Capture capture(LoadedModel model, int firstRow) {
      return forIncreases(model, firstRow);
    }

    @Override
    public double[] map(Run run, Target target, TokenMap.View view, SplittableRandom random) {
      return SeeingHead.maps(run, target, view, 1).getFirst();
    }
  }

  /// The same through one head, but of the [TopHeads#HEADS] heads with the largest increases that
  /// one to which the patches bring most: the best head of all may read what an earlier layer has
  /// already moved into the text.
  record SeeingHead() implements PatchMapper {
    @Override
    public String name() {
      return "seeing-head";
    }

    @Override
    public Capture capture(LoadedModel model, int firstRow) {
      return forIncreases(model, firstRow);
    }

    @Override
    public double[] map(Run run, Target target, TokenMap.View view, SplittableRandom random) {
      return maps(run, target, view, TopHeads.HEADS).stream()
          .max(Comparator.comparingDouble(map -> Arrays.stream(map).sum()))
          .orElseThrow();
    }

    /// Maps of the heads with the largest increases, best first.
    static List<double[]> maps(Run run, Target target, TokenMap.View view, int count) {
      LogIncrease method = new LogIncrease();
      List<int[]> ranking = method.explain(run, target, Progress.NONE).ranking();
      return ranking.stream()
          .limit(count)
          .map(head -> method.positions(run, target, head[0], head[1]))
          .map(all -> IntStream.of(view.positions()).mapToDouble(p -> all[p]).toArray())
          .toList();
    }
  }

  /// The same, summed over the [#HEADS] heads with the largest increases.
  record TopHeads() implements PatchMapper {
    static final int HEADS = 6;

    @Override
    public String name() {
      return "top-heads";
    }

    @Override
    public Capture capture(LoadedModel model, int firstRow) {
      return forIncreases(model, firstRow);
    }

    @Override
    public double[] map(Run run, Target target, TokenMap.View view, SplittableRandom random) {
      List<double[]> maps = SeeingHead.maps(run, target, view, HEADS);
      return IntStream.range(0, view.positions().length)
          .mapToDouble(patch -> maps.stream().mapToDouble(map -> map[patch]).sum())
          .toArray();
    }
  }

  /// Mean attention from the predicting row to each patch, over all layers and heads.
  record AttentionMean() implements PatchMapper {
    @Override
    public String name() {
      return "average-attention";
    }

    @Override
    public Capture capture(LoadedModel model, int firstRow) {
      return new AverageAttention()
          .capture(new Run.Shape(model.model().decoder().config()), firstRow);
    }

    @Override
    public double[] map(Run run, Target target, TokenMap.View view, SplittableRandom random) {
      double[] all = new AverageAttention().explain(run, target, Progress.NONE);
      return IntStream.of(view.positions()).mapToDouble(p -> all[p]).toArray();
    }
  }

  /// Occlusion: how far the log probability falls when one visual token is replaced by the mean of
  /// the picture's. One pass for each patch.
  record Hiding() implements PatchMapper {
    @Override
    public String name() {
      return "occlusion";
    }

    @Override
    public Capture capture(LoadedModel model, int firstRow) {
      return METHOD.capture(model);
    }

    private static final Occlusion METHOD =
        new Occlusion(Occlusion.Space.EMBEDDING, Occlusion.Fill.MEAN, 1);

    @Override
    public double[] map(Run run, Target target, TokenMap.View view, SplittableRandom random) {
      int word = target.aims().getFirst().id();
      Readout readout = Readout.of(run, OptionalInt.of(word), OptionalInt.empty());
      double[][] changes =
          METHOD
              .explain(run, readout, Job.QUIET)
              .getFirst()
              .changes(Measures.Metric.LOG_PROBABILITY);
      return Arrays.stream(changes).flatMapToDouble(Arrays::stream).map(v -> -v).toArray();
    }
  }

  /// A baseline that knows nothing.
  record ByChance() implements PatchMapper {
    @Override
    public String name() {
      return "random";
    }

    @Override
    public double[] map(Run run, Target target, TokenMap.View view, SplittableRandom random) {
      return random.doubles(view.positions().length).toArray();
    }
  }

  /// A baseline that knows that things are seldom at the edge: falls off with the distance from the
  /// middle of the picture.
  record NearCentre() implements PatchMapper {
    @Override
    public String name() {
      return "centre";
    }

    @Override
    public double[] map(Run run, Target target, TokenMap.View view, SplittableRandom random) {
      return of(view.tile().rows(), view.tile().columns());
    }

    static double[] of(int rows, int columns) {
      double[] map = new double[rows * columns];
      for (int patch = 0; patch < map.length; patch++) {
        int row = patch / columns;
        int column = patch % columns;
        double y = (row + .5) / rows - .5;
        double x = (column + .5) / columns - .5;
        map[patch] = Math.exp(-8 * (x * x + y * y));
      }
      return map;
    }
  }
}
