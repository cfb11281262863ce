package dev.lynceus.method.map;

import dev.lynceus.method.LogIncrease;
import dev.lynceus.method.Target;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.TokenMap;
import java.util.SplittableRandom;

/// Log increase of each patch alone through the head with the largest increase (arXiv 2411.10950).
public record LogIncreaseMap() implements PatchMethod {
  @Override
  public String name() {
    return "log-increase";
  }

  @Override
  public String what() {
    return "how much the patch raises the log probability through the one head that raises it most";
  }

  @Override
  public String source() {
    return "Yu and Ananiadou, arXiv 2411.10950";
  }

  @Override
  public Passes passes(int patches) {
    return Passes.NONE;
  }

  @Override
  public Capture capture(LoadedModel model, int firstRow) {
    return new LogIncrease().capture(new Run.Shape(model.model().decoder().config()), firstRow);
  }

  @Override
  public PatchMap map(Run run, Target target, TokenMap.View view, SplittableRandom random) {
    return PatchMap.of(SeeingHeadMap.maps(run, target, view, 1).getFirst());
  }
}
