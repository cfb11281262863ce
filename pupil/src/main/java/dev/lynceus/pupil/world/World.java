package dev.lynceus.pupil.world;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// The world of coloured silhouettes. A scene follows from a seed and a number, so any part of a
/// sequence can be made again, in any order.
///
/// @param seed which sequence; the training draws a new 64-bit seed for every step, so that a
///   sequence that was chosen by hand is none of its own
/// @param recipe how scenes are made
public record World(long seed, SceneRecipe recipe) {
  /// Side of a picture in pixels.
  public static final int SIZE = 112;

  /// The seed of the scenes that are measured on, unless another is asked for.
  public static final long HELD_OUT = 20_260;

  /// A scene of the sequence.
  public Scene scene(long number) {
    return new SceneMaker(recipe, random(number)).make();
  }

  /// A scene, and the same scene with the colours of its first two things exchanged; both things
  /// and places stay. The scene has at least two things of different colours.
  public List<Scene> swapped(long number) {
    SplittableRandom random = random(number);
    SceneMaker maker =
        new SceneMaker(
            recipe.withItems(Math.max(2, recipe.least()), recipe.most()).withRepeat(0), random);
    Scene scene = maker.make();
    List<Colour> colours = new ArrayList<>(scene.items().stream().map(Item::colour).toList());
    java.util.Collections.swap(colours, 0, 1);
    return List.of(scene, maker.recoloured(scene, colours));
  }

  /// The generator of everything that belongs to one number of this sequence.
  public SplittableRandom random(long number) {
    return new SplittableRandom(mixed(mixed(seed) + number));
  }

  /// Spreads neighbouring numbers, since generators of neighbouring seeds resemble each other.
  private static long mixed(long value) {
    return new SplittableRandom(value).nextLong();
  }
}
