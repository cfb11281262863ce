package dev.lynceus.method;

import dev.lynceus.run.Progress;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;

/// The baseline of attention maps: the mean over all layers and heads of the attention from the
/// predicting row to each position. Attention alone is no explanation: positions that hold no
/// information can draw much of it.
public record AverageAttention() implements Method<double[]> {
  @Override
  public String name() {
    return "average-attention";
  }

  @Override
  public Capture capture(Run.Shape shape, int firstRow) {
    return RowTrace.plan(shape.config(), firstRow);
  }

  /// Mean attention to each position, `[T]`; for several tokens the mean over their rows.
  @Override
  public double[] explain(Run run, Target target, Progress progress) {
    double[] sum = new double[run.batch().length()];
    for (Target.Aim aim : target.aims()) {
      try (Scope scope = Scope.open()) {
        double[] one =
            new RowTrace(run, aim.row()).patterns().to(DType.FLOAT64).mean(0).mean(0).toDoubles();
        for (int p = 0; p < one.length; p++) {
          sum[p] += one[p] / target.aims().size();
        }
      }
    }
    return sum;
  }
}
