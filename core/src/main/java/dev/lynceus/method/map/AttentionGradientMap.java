package dev.lynceus.method.map;

import dev.lynceus.method.Target;
import dev.lynceus.method.gradient.Backward;
import dev.lynceus.method.gradient.GradientPlan;
import dev.lynceus.method.gradient.Objective;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Attention times gradient: over all layers and heads, the sum of the attention from the
/// predicting row to each patch times the gradient of the logit with respect to it, where that is
/// positive. It looks at the predicting row alone: what the patches brought to other rows first is
/// not seen.
public record AttentionGradientMap() implements PatchMethod {
  @Override
  public String name() {
    return "attention-x-gradient";
  }

  @Override
  public String what() {
    return "attention of the predicting row to the patch times its gradient where that is positive, summed over layers and heads";
  }

  @Override
  public String source() {
    return "Barkan et al., arXiv 2204.11073";
  }

  @Override
  public Passes passes(int patches) {
    return new Passes(0, 1);
  }

  @Override
  public Capture capture(LoadedModel model, Prompt prompt) {
    return GradientPlan.of(model, prompt);
  }

  @Override
  public PatchMap map(Run run, Target target, TokenMap.View view, SplittableRandom random) {
    Backward backward = new Backward(run);
    List<Objective> objectives = Objective.logits(target);
    double[] sum = new double[run.batch().length()];
    try (Scope scope = Scope.open()) {
      backward.attention(
          objectives,
          at -> {
            try (Scope inner = Scope.open()) {
              int row = objectives.get(at.objective()).rows()[0] - at.row();
              Tensor product =
                  at.pattern().select(1, row).mul(at.slope().select(1, row)).clampMin(0);
              double[] all = product.sum(0).toDoubles();
              Arrays.setAll(sum, p -> sum[p] + all[p] / objectives.size());
            }
          });
    }
    return PatchMap.of(IntStream.of(view.positions()).mapToDouble(p -> sum[p]).toArray());
  }
}
