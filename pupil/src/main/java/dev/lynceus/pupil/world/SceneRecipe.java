package dev.lynceus.pupil.world;

import java.util.EnumSet;
import java.util.Set;

/// How scenes are made.
///
/// @param side of the picture in pixels
/// @param least fewest things
/// @param most most things
/// @param step positions are multiples of this many pixels
/// @param sizes lengths of the longer side that are drawn from, in pixels: first, last, and the
///   step between them
/// @param turn largest angle by which a thing is turned either way, in degrees
/// @param repeat how likely a thing takes the colour of another one
/// @param backgrounds kinds to draw from
/// @param pairs which pairs of thing and colour may occur
public record SceneRecipe(
    int side,
    int least,
    int most,
    int step,
    int[] sizes,
    double turn,
    double repeat,
    Set<Background> backgrounds,
    Pairs pairs) {

  /// Which pairs of thing and colour occur. One pair in twenty is held out of the pictures of
  /// training, so that a test can ask for pairs never seen.
  public enum Pairs {
    /// Those that are not held out.
    SEEN,
    /// Those that are held out.
    UNSEEN;

    private static final int HELD_OUT = 20;

    boolean has(int noun, Colour colour) {
      boolean heldOut = (noun * 7 + colour.ordinal() * 3) % HELD_OUT == 0;
      return heldOut == (this == UNSEEN);
    }
  }

  /// The world as it is: 1 to 4 things of any size and place.
  public static final SceneRecipe FREE =
      new SceneRecipe(
          World.SIZE,
          1,
          4,
          1,
          new int[] {28, 58, 1},
          15,
          .25,
          EnumSet.allOf(Background.class),
          Pairs.SEEN);

  /// Things in the raster of the patches, upright, on plain ground: the first lesson.
  public static final SceneRecipe ALIGNED =
      new SceneRecipe(
          World.SIZE,
          1,
          4,
          14,
          new int[] {28, 56, 14},
          0,
          .15,
          EnumSet.of(Background.PLAIN),
          Pairs.SEEN);

  /// Things in the raster of half patches, turned a little, on all grounds: the second lesson.
  public static final SceneRecipe COARSE =
      new SceneRecipe(
          World.SIZE,
          1,
          4,
          7,
          new int[] {28, 56, 7},
          7,
          .15,
          EnumSet.allOf(Background.class),
          Pairs.SEEN);

  /// Up to six things, smaller, so that they have room.
  public static final SceneRecipe MANY =
      new SceneRecipe(
          World.SIZE,
          1,
          6,
          1,
          new int[] {20, 36, 1},
          15,
          .25,
          EnumSet.allOf(Background.class),
          Pairs.SEEN);

  /// Three to five things in a picture of 672 pixels: where a model sees 112, each is 5 to 8 pixels
  /// large.
  public static final SceneRecipe FAR =
      new SceneRecipe(
          6 * World.SIZE,
          3,
          5,
          1,
          new int[] {28, 48, 1},
          15,
          0,
          EnumSet.allOf(Background.class),
          Pairs.SEEN);

  /// The same with so many things.
  public SceneRecipe withItems(int fewest, int largest) {
    return new SceneRecipe(side, fewest, largest, step, sizes, turn, repeat, backgrounds, pairs);
  }

  /// The same with another likelihood of repeated colours.
  public SceneRecipe withRepeat(double likelihood) {
    return new SceneRecipe(side, least, most, step, sizes, turn, likelihood, backgrounds, pairs);
  }

  /// The same with other pairs of thing and colour.
  public SceneRecipe withPairs(Pairs which) {
    return new SceneRecipe(side, least, most, step, sizes, turn, repeat, backgrounds, which);
  }
}
