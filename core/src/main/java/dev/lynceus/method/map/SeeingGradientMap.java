package dev.lynceus.method.map;

import dev.lynceus.method.Target;
import dev.lynceus.method.gradient.IntegratedGradients;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.TokenMap;
import java.util.SplittableRandom;

/// Where the model read and what it read for: the geometric mean of the seeing heads' reading and
/// of the positive part of integrated gradients of one step, the midpoint. Each drops what the
/// other does not know of.
public record SeeingGradientMap() implements PatchMethod {
  private static final SeeingHeadsMap READING = new SeeingHeadsMap();
  private static final IntegratedGradientsMap GRADIENT =
      IntegratedGradientsMap.of(1, IntegratedGradients.Baseline.MEAN);

  @Override
  public String name() {
    return "seeing-heads-gradient";
  }

  @Override
  public String what() {
    return "what the seeing heads read of the patch, as far as a gradient says that it speaks for the word";
  }

  @Override
  public String source() {
    return "Lynceus; gradients after arXiv 1703.01365";
  }

  @Override
  public Passes passes(int patches) {
    return GRADIENT.passes(patches);
  }

  @Override
  public Capture capture(LoadedModel model, Prompt prompt) {
    return READING.capture(model, prompt);
  }

  @Override
  public PatchMap map(Run run, Target target, TokenMap.View view, SplittableRandom random) {
    double[] reading = READING.map(run, target, view, random).values();
    double[] gradient = GRADIENT.map(run, target, view, random).values();
    double[] both = new double[reading.length];
    for (int p = 0; p < both.length; p++) {
      both[p] = Math.sqrt(reading[p] * Math.max(0, gradient[p]));
    }
    return PatchMap.of(both);
  }
}
