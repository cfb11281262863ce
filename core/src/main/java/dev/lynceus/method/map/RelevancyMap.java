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
import java.util.stream.IntStream;

/// Relevancy through the decoder, exact for the word; see [RelevancyMaps].
public record RelevancyMap() implements PatchMethod {
  @Override
  public String name() {
    return "relevancy";
  }

  @Override
  public String what() {
    return "share of the patch's token in what the predicting row gained through all layers";
  }

  @Override
  public String source() {
    return "Chefer, Gur and Wolf, arXiv 2103.15679";
  }

  @Override
  public Passes passes(int patches) {
    return new Passes(0, 1);
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
    if (Inputs.seesByReading(run.model().model())) {
      RelevancyMaps.Result found = new RelevancyMaps().explain(run, target, Progress.NONE);
      return PatchMap.of(found.maps().get(Inputs.seen(run).index(view)).decoder());
    }
    double[] row = RelevancyMaps.decoder(run, target);
    return PatchMap.of(IntStream.of(view.positions()).mapToDouble(p -> row[p]).toArray());
  }
}
