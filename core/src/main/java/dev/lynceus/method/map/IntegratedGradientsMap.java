package dev.lynceus.method.map;

import dev.lynceus.method.Target;
import dev.lynceus.method.gradient.IntegratedGradients;
import dev.lynceus.method.gradient.PathIntegral;
import dev.lynceus.run.Run;
import dev.lynceus.tap.TokenMap;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Integrated gradients from a baseline to the visual tokens; see [IntegratedGradients]. The values
/// of all visual tokens add up to what the picture raises the log probability by.
///
/// @param name on the command line
/// @param integral baseline and steps; the passes that are told are those of the fewest steps
public record IntegratedGradientsMap(String name, IntegratedGradients integral)
    implements PatchMethod {

  /// From the mean token, refined until the values add up.
  public IntegratedGradientsMap() {
    this(
        "integrated-gradients",
        new IntegratedGradients(
            IntegratedGradients.Baseline.MEAN, PathIntegral.Spacing.EVEN, 16, 1296));
  }

  /// So many steps and no refinement.
  static IntegratedGradientsMap of(int steps, IntegratedGradients.Baseline baseline) {
    String end = baseline == IntegratedGradients.Baseline.ZERO ? "-from-zero" : "";
    return new IntegratedGradientsMap(
        "integrated-gradients-" + steps + end,
        new IntegratedGradients(baseline, PathIntegral.Spacing.EVEN, steps, steps));
  }

  @Override
  public String what() {
    return "share of the log probability that the patch's token brings on the way from "
        + switch (integral.baseline()) {
          case MEAN -> "the mean token";
          case ZERO -> "zero";
        };
  }

  @Override
  public String source() {
    return "Sundararajan, Taly and Yan, arXiv 1703.01365";
  }

  @Override
  public Passes passes(int patches) {
    return new Passes(integral.steps() + 1, integral.steps());
  }

  @Override
  public PatchMap map(Run run, Target target, TokenMap.View view, SplittableRandom random) {
    IntegratedGradients.Result found = integral.explain(run, target);
    return new PatchMap(
        IntStream.of(view.positions()).mapToDouble(p -> found.values()[p]).toArray(),
        OptionalDouble.of(found.gap()),
        OptionalInt.of(found.steps()));
  }
}
