package dev.lynceus.method.map;

import dev.lynceus.method.RowTrace;
import dev.lynceus.method.Target;
import dev.lynceus.method.attention.Sinks;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import java.util.SplittableRandom;

/// Mean attention without what goes to attention sinks (arXiv 2503.03321): a patch counts in the
/// layers in which it is no sink. Where a model has no sinks it is the mean attention.
public record SinkFreeAttentionMap() implements PatchMethod {
  @Override
  public String name() {
    return "sink-free-attention";
  }

  @Override
  public String what() {
    return "mean attention of the predicting row to the patch in the layers where it is no sink";
  }

  @Override
  public String source() {
    return "Kang and others, arXiv 2503.03321";
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
    Sinks sinks = Sinks.of(run, Sinks.Settings.FOUND);
    int[] patches = view.positions();
    double[] sum = new double[patches.length];
    for (Target.Aim aim : target.aims()) {
      RowTrace trace = new RowTrace(run, aim.row());
      for (int l = 0; l < layers; l++) {
        try (Scope scope = Scope.open()) {
          double[] mean = trace.pattern(l).to(DType.FLOAT64).mean(0).toDoubles();
          for (int i = 0; i < patches.length; i++) {
            sum[i] += sinks.is(l, patches[i]) ? 0 : mean[patches[i]];
          }
        }
      }
    }
    for (int i = 0; i < sum.length; i++) {
      sum[i] /= (double) layers * target.aims().size();
    }
    return PatchMap.of(sum);
  }
}
