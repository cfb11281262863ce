package dev.lynceus.method.map;

import dev.lynceus.method.Target;
import dev.lynceus.method.gradient.IntegratedPixels;
import dev.lynceus.method.gradient.PatchPlaces;
import dev.lynceus.run.Run;
import dev.lynceus.tap.TokenMap;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SplittableRandom;

/// Integrated gradients from a baseline picture to the pixels, summed over the pixels of each
/// patch; see [IntegratedPixels]. The values of all patches add up to what the picture raises the
/// log probability by.
///
/// @param integral baseline and steps; the passes that are told are those of the fewest steps
public record IntegratedPixelsMap(IntegratedPixels integral) implements PatchMethod {

  /// From the mean colour, refined until the values add up.
  public IntegratedPixelsMap() {
    this(new IntegratedPixels(IntegratedPixels.Baseline.MEAN_COLOUR, 16, 432));
  }

  @Override
  public String name() {
    return "integrated-gradients-pixels";
  }

  @Override
  public String what() {
    return "share of the log probability that the patch's pixels bring on the way from the mean colour";
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
  public Reach reach() {
    return Reach.TOWER;
  }

  @Override
  public PatchMap map(Run run, Target target, TokenMap.View view, SplittableRandom random) {
    IntegratedPixels.Result found = integral.explain(run, target);
    return new PatchMap(
        PatchPlaces.of(run, view).sums(found.values(), found.channels()),
        OptionalDouble.of(found.gap()),
        OptionalInt.of(found.steps()));
  }
}
