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

/// Input times gradient: for each visual token the product of the token and the gradient of the log
/// probability with respect to it, summed over the width; how far the log probability would fall if
/// the token shrank to nothing and the model were linear.
public record InputGradientMap() implements PatchMethod {
  @Override
  public String name() {
    return "input-x-gradient";
  }

  @Override
  public String what() {
    return "gradient of the log probability times the patch's visual token: its first-order share";
  }

  @Override
  public String source() {
    return "Shrikumar, Greenside, Shcherbina and Kundaje, arXiv 1605.01713";
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
      Tensor entering = backward.whole().joined();
      Tensor slopes =
          backward.inputs(backward.entering(), Objective.logProbability(target)).joined();
      double[] products =
          slopes.to(DType.FLOAT64).mul(entering.to(DType.FLOAT64)).sum(2).sum(0).toDoubles();
      return PatchMap.of(IntStream.of(view.positions()).mapToDouble(p -> products[p]).toArray());
    }
  }
}
