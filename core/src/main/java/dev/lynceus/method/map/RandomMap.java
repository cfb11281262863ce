package dev.lynceus.method.map;

import dev.lynceus.method.Target;
import dev.lynceus.run.Run;
import dev.lynceus.tap.TokenMap;
import java.util.SplittableRandom;

/// A baseline that knows nothing.
public record RandomMap() implements PatchMethod {
  @Override
  public String name() {
    return "random";
  }

  @Override
  public boolean baseline() {
    return true;
  }

  @Override
  public String what() {
    return "random numbers: what chance scores";
  }

  @Override
  public String source() {
    return "a baseline";
  }

  @Override
  public Passes passes(int patches) {
    return Passes.NONE;
  }

  @Override
  public boolean readsFeatures() {
    return true;
  }

  @Override
  public PatchMap map(Run run, Target target, TokenMap.View view, SplittableRandom random) {
    return PatchMap.of(random.doubles(view.positions().length).toArray());
  }
}
