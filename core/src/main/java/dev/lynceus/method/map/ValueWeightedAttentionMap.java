package dev.lynceus.method.map;

import dev.lynceus.method.RowTrace;
import dev.lynceus.method.Target;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.SplittableRandom;

/// How long the vector is that each patch brings to the predicting row through a head, `‖A_ij x_j
/// W_V W_O‖`, mean over all layers and heads. What a sink gets of attention does not count here,
/// because what it brings is short (Kobayashi and others, arXiv 2004.10102; Kang and others, arXiv
/// 2503.03321).
public record ValueWeightedAttentionMap() implements PatchMethod {
  @Override
  public String name() {
    return "value-weighted-attention";
  }

  @Override
  public String what() {
    return "mean length of the vector that a head moves from the patch to the predicting row";
  }

  @Override
  public String source() {
    return "Kobayashi and others, arXiv 2004.10102";
  }

  @Override
  public Passes passes(int patches) {
    return Passes.NONE;
  }

  @Override
  public Capture capture(LoadedModel model, int firstRow) {
    return RowTrace.plan(model.model().decoder().config(), firstRow);
  }

  @Override
  public PatchMap map(Run run, Target target, TokenMap.View view, SplittableRandom random) {
    int layers = run.model().model().decoder().config().layers();
    int heads = run.model().model().decoder().config().heads();
    int[] patches = view.positions();
    double[] sum = new double[patches.length];
    for (int l = 0; l < layers; l++) {
      for (int h = 0; h < heads; h++) {
        try (Scope scope = Scope.open()) {
          add(run, target, patches, l, h, sum);
        }
      }
    }
    for (int i = 0; i < sum.length; i++) {
      sum[i] /= (double) layers * heads * target.aims().size();
    }
    return PatchMap.of(sum);
  }

  /// Adds the lengths of one head: `|v O| = sqrt(v (O Oᵀ) vᵀ)`, whose inner matrix is small.
  private static void add(
      Run run, Target target, int[] patches, int layer, int head, double[] sum) {
    // What a norm behind the attention divides by is of each row its own.
    boolean each = run.model().model().decoder().config().norms().behind();
    double[] lengths = new double[0];
    for (Target.Aim aim : target.aims()) {
      RowTrace trace = new RowTrace(run, aim.row());
      if (lengths.length == 0 || each) {
        lengths = lengths(trace, patches, layer, head);
      }
      double[] pattern = trace.pattern(layer).select(0, head).toDoubles();
      for (int i = 0; i < patches.length; i++) {
        sum[i] += pattern[patches[i]] * lengths[i];
      }
    }
  }

  private static double[] lengths(RowTrace trace, int[] patches, int layer, int head) {
    Tensor directions = trace.outputs(layer, head).to(DType.FLOAT64);
    Tensor values =
        trace.values(layer, head).to(DType.FLOAT64).indexSelect(0, Tensor.indices(patches));
    Tensor gram = directions.matmul(directions.t());
    return values.matmul(gram).mul(values).sum(1).clampMin(0).sqrt().toDoubles();
  }
}
