package dev.lynceus.method.map;

import dev.lynceus.method.Target;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Attention rollout: in each layer `(mean over heads of A + I) / 2`, multiplied over all layers;
/// the predicting row of the product. No gradient enters, so all words that a row could say have
/// one map.
public record RolloutMap() implements PatchMethod {
  @Override
  public String name() {
    return "rollout";
  }

  @Override
  public String what() {
    return "mean attention of all heads, multiplied through the layers with the residual stream counted half";
  }

  @Override
  public String source() {
    return "Abnar and Zuidema, arXiv 2005.00928";
  }

  @Override
  public Passes passes(int patches) {
    return Passes.NONE;
  }

  @Override
  public Capture capture(LoadedModel model, int firstRow) {
    return Capture.of(Capture.request(Point.PATTERN).reduced(Capture.Reducer.MEAN_OVER_HEADS));
  }

  @Override
  public PatchMap map(Run run, Target target, TokenMap.View view, SplittableRandom random) {
    int layers = run.model().model().decoder().config().layers();
    double[] sum = new double[run.batch().length()];
    for (Target.Aim aim : target.aims()) {
      try (Scope scope = Scope.open()) {
        float[] one = new float[sum.length];
        one[aim.row()] = 1;
        Tensor row = Tensor.of(one, 1, one.length).to(run.model().computeType());
        for (int l = layers - 1; l >= 0; l--) {
          row = row.add(row.matmul(run.get(Point.PATTERN, l).select(0, 0))).mul(.5);
        }
        double[] all = row.toDoubles();
        Arrays.setAll(sum, p -> sum[p] + all[p] / target.aims().size());
      }
    }
    return PatchMap.of(IntStream.of(view.positions()).mapToDouble(p -> sum[p]).toArray());
  }
}
