package dev.lynceus.method;

import dev.lynceus.model.llama.LlamaConfig;
import dev.lynceus.run.Run;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;

/// First-order log increase: the slope of a target's value at each layer's input, times what a part
/// adds there. It approximates [LogIncrease] closely for small parts and costs one row of the lens
/// a layer, so it serves to sum over all heads, to share an increase among zones of the prompt, and
/// to find candidates among many neurons.
public final class FirstOrder {
  private FirstOrder() {}

  /// What every position brings through all heads of all layers together, `[T]`; 0 after the row.
  public static double[] positions(Run run, Target target) {
    double[] sum = new double[run.batch().length()];
    for (Target.Aim aim : target.aims()) {
      try (Scope scope = Scope.open()) {
        RowTrace trace = new RowTrace(run, aim.row());
        LlamaConfig config = trace.config();
        FrozenLens lens = FrozenLens.of(trace.decoder(), trace.last());
        Tensor slopes = lens.directions(trace.stream().narrow(0, 0, config.layers()), aim);
        for (int l = 0; l < config.layers(); l++) {
          double[] one = layer(trace, slopes.narrow(0, l, 1), l).sum(0).toDoubles();
          for (int p = 0; p < one.length; p++) {
            sum[p] += one[p];
          }
        }
      }
    }
    return sum;
  }

  /// What every position brings through each head of a layer, `[heads, source]`.
  ///
  /// @param slope gradient at the layer's input, `[1, width]`
  private static Tensor layer(RowTrace trace, Tensor slope, int l) {
    try (Scope scope = Scope.open()) {
      LlamaConfig c = trace.config();
      Tensor perHead =
          trace
              .weights(l)
              .output()
              .back(slope)
              .reshape(c.keyHeads(), c.heads() / c.keyHeads(), c.headWidth());
      Tensor read = perHead.matmul(trace.values(l).transpose(1, 2)).reshape(c.heads(), -1);
      return scope.keep(read.mul(trace.pattern(l)));
    }
  }

  /// First-order increase of every neuron of a layer, `[inner]`.
  ///
  /// @param slope gradient at the stream between attention and feed-forward network, `[1, width]`
  static double[] neurons(RowTrace trace, Tensor slope, int l) {
    try (Scope scope = Scope.open()) {
      return trace
          .weights(l)
          .down()
          .back(slope)
          .reshape(-1)
          .mul(trace.coefficients(l))
          .to(DType.FLOAT64)
          .toDoubles();
    }
  }
}
