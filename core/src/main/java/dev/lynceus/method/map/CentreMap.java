package dev.lynceus.method.map;

import dev.lynceus.method.Target;
import dev.lynceus.run.Run;
import dev.lynceus.tap.TokenMap;
import java.util.SplittableRandom;

/// A baseline that knows that things are seldom at the edge: falls off with the distance from the
/// middle of the picture.
public record CentreMap() implements PatchMethod {
  @Override
  public String name() {
    return "centre";
  }

  @Override
  public boolean baseline() {
    return true;
  }

  @Override
  public String what() {
    return "nearness to the middle of the picture: what a guess scores that looks at no model";
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
    return PatchMap.of(of(view.tile().rows(), view.tile().columns()));
  }

  static double[] of(int rows, int columns) {
    double[] map = new double[rows * columns];
    for (int patch = 0; patch < map.length; patch++) {
      int row = patch / columns;
      int column = patch % columns;
      double y = (row + .5) / rows - .5;
      double x = (column + .5) / columns - .5;
      map[patch] = Math.exp(-8 * (x * x + y * y));
    }
    return map;
  }
}
