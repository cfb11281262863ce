package dev.lynceus.lab.measure;

import dev.lynceus.method.LogIncrease;
import dev.lynceus.method.RowTrace;
import dev.lynceus.method.Target;
import dev.lynceus.method.score.Estimate;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// What every head does when a question is answered in one form, scene by scene: its log increase,
/// and its attention on what belongs to a thing, when that thing is asked about and when another
/// one is.
final class HeadStudy {
  /// Runs a prompt.
  @FunctionalInterface
  interface Runner {
    Run run(Prompt prompt, Capture capture);
  }

  private final LoadedModel model;
  private final List<double[]> increases = new ArrayList<>();
  private final List<double[]> asked = new ArrayList<>();
  private final List<double[]> other = new ArrayList<>();
  private final List<double[]> looks = new ArrayList<>();
  private final List<double[]> writes = new ArrayList<>();

  HeadStudy(LoadedModel model) {
    this.model = model;
  }

  /// Adds a scene.
  ///
  /// @param question up to the word that decides
  /// @param word that comes next
  /// @param elsewhere the question about another thing, in the same form
  /// @param places positions that belong to the thing of the first question
  void add(Runner runner, Prompt question, int word, Prompt elsewhere, int[] places) {
    int row = question.length() - 1;
    LogIncrease method = new LogIncrease();
    Capture plan = method.capture(new Run.Shape(model.model().decoder().config()), row);
    try (Run run = runner.run(question, plan)) {
      double[][] heads = method.explain(run, Target.token("", row, word), Progress.NONE).heads();
      increases.add(Arrays.stream(heads).flatMapToDouble(Arrays::stream).toArray());
      asked.add(attention(run, places));
      looks.add(attention(run, run.tokens().positions(TokenMap.Role.IMAGE)));
      writes.add(written(run, row));
    }
    Capture pattern =
        Capture.of(Capture.request(Point.PATTERN).at(Positions.of(elsewhere.length() - 1)));
    try (Run run = runner.run(elsewhere, pattern)) {
      other.add(attention(run, places));
    }
  }

  /// Attention of each head from the last position to some places, summed.
  private double[] attention(Run run, int[] places) {
    int layers = model.model().decoder().config().layers();
    if (places.length == 0) {
      return new double[layers * model.model().decoder().config().heads()];
    }
    List<Double> masses = new ArrayList<>();
    try (Scope scope = Scope.open()) {
      Tensor index = Tensor.indices(places);
      for (int l = 0; l < layers; l++) {
        Tensor pattern = run.get(Point.PATTERN, l).select(0, 0);
        Tensor last = pattern.select(1, pattern.size(1) - 1);
        Arrays.stream(last.indexSelect(1, index).to(DType.FLOAT64).sum(1).toDoubles())
            .forEach(masses::add);
      }
    }
    return masses.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /// Length of what each head adds at the row.
  private double[] written(Run run, int row) {
    int layers = model.model().decoder().config().layers();
    try (Scope scope = Scope.open()) {
      RowTrace trace = new RowTrace(run, row);
      return IntStream.range(0, layers)
          .boxed()
          .flatMapToDouble(l -> Arrays.stream(trace.heads(l).square().sum(1).sqrt().toDoubles()))
          .toArray();
    }
  }

  /// Mean attention of each head on the whole picture; a rival way to choose heads.
  double[] looks() {
    return mean(looks);
  }

  /// Mean length of what each head writes; another rival.
  double[] writes() {
    return mean(writes);
  }

  private static double[] mean(List<double[]> rows) {
    return Agreement.mean(rows.toArray(double[][]::new), IntStream.range(0, rows.size()).toArray());
  }

  /// Log increases, `[scenes][heads]`.
  double[][] increases() {
    return increases.toArray(double[][]::new);
  }

  /// Mean log increase of each head.
  double[] mean() {
    return Agreement.mean(increases(), IntStream.range(0, increases.size()).toArray());
  }

  /// Where some heads look, in the mean, when the question changes.
  FindingsReport.Shift shift(String form, int[] heads) {
    return new FindingsReport.Shift(form, of(asked, heads), of(other, heads));
  }

  private static Estimate of(List<double[]> masses, int[] heads) {
    return Estimate.mean(
        masses.stream()
            .mapToDouble(mass -> IntStream.of(heads).mapToDouble(h -> mass[h]).average().orElse(0))
            .toArray());
  }
}
