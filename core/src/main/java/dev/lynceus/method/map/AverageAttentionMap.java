package dev.lynceus.method.map;

import dev.lynceus.method.AverageAttention;
import dev.lynceus.method.Target;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.TokenMap;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Mean attention from the predicting row to each patch, over all layers and heads.
public record AverageAttentionMap() implements PatchMethod {
  @Override
  public String name() {
    return "average-attention";
  }

  @Override
  public String what() {
    return "mean attention of the predicting row to the patch, over all layers and heads";
  }

  @Override
  public String source() {
    return "a baseline of Yu and Ananiadou, arXiv 2411.10950";
  }

  @Override
  public Passes passes(int patches) {
    return Passes.NONE;
  }

  @Override
  public Capture capture(LoadedModel model, int firstRow) {
    return new AverageAttention()
        .capture(new Run.Shape(model.model().decoder().config()), firstRow);
  }

  @Override
  public PatchMap map(Run run, Target target, TokenMap.View view, SplittableRandom random) {
    double[] all = new AverageAttention().explain(run, target, Progress.NONE);
    return PatchMap.of(IntStream.of(view.positions()).mapToDouble(p -> all[p]).toArray());
  }
}
