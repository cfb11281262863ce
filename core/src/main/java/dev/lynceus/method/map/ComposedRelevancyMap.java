package dev.lynceus.method.map;

import dev.lynceus.method.Inputs;
import dev.lynceus.method.Target;
import dev.lynceus.method.gradient.GradientPlan;
import dev.lynceus.method.relevancy.RelevancyMaps;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.TokenMap;
import java.util.SplittableRandom;

/// Relevancy through the decoder, followed back through the tower; see [RelevancyMaps].
public record ComposedRelevancyMap() implements PatchMethod {
  @Override
  public String name() {
    return "relevancy-composed";
  }

  @Override
  public String what() {
    return "relevancy of the visual tokens, followed back through the tower to the patch";
  }

  @Override
  public String source() {
    return "Chefer, Gur and Wolf, arXiv 2103.15679, composed here";
  }

  @Override
  public Passes passes(int patches) {
    return new Passes(1, 2);
  }

  @Override
  public Reach reach() {
    return Reach.TOWER;
  }

  @Override
  public boolean readsFeatures() {
    return true;
  }

  @Override
  public Capture capture(LoadedModel model, Prompt prompt) {
    return GradientPlan.of(model, prompt);
  }

  @Override
  public PatchMap map(Run run, Target target, TokenMap.View view, SplittableRandom random) {
    RelevancyMaps.Result found = new RelevancyMaps().explain(run, target, Progress.NONE);
    return PatchMap.of(found.maps().get(Inputs.seen(run).index(view)).composed());
  }
}
