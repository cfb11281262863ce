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
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Saliency: the Euclidean norm of the gradient of the log probability with respect to each visual
/// token. It says where a small change would tell, of whatever sign.
public record SaliencyMap() implements PatchMethod {
  @Override
  public String name() {
    return "saliency";
  }

  @Override
  public String what() {
    return "length of the gradient of the log probability with respect to the patch's visual token";
  }

  @Override
  public String source() {
    return "Simonyan, Vedaldi and Zisserman, arXiv 1312.6034";
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
    try (Scope scope = Scope.open()) {
      Tensor slopes =
          backward.inputs(backward.entering(), Objective.logProbability(target)).joined();
      double[] norms = slopes.to(DType.FLOAT64).square().sum(2).sum(0).sqrt().toDoubles();
      return PatchMap.of(IntStream.of(view.positions()).mapToDouble(p -> norms[p]).toArray());
    }
  }
}
