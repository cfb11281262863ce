package dev.lynceus.method.score;

import dev.lynceus.image.ImageRegion;
import dev.lynceus.tap.TokenMap;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// How well a patch map agrees with the box of the thing that was asked about. A patch belongs to
/// the box if its centre lies inside; where the box is too narrow for any centre, the patches that
/// share most with it do.
///
/// @param hit the pointing game: whether the patch with the largest value belongs to the box; where
///   several are largest, the part of them that does
/// @param touch the same, but it is enough that the patch shares any pixel with the box
/// @param energy share of the sum of all positive values that lies on patches of the box; NaN where
///   nothing is positive
/// @param iou intersection over union of the box's patches and as many patches with the largest
///   values
/// @param chance part of all patches that belong to the box: what `hit` is for a random map
public record Pointing(double hit, double touch, double energy, double iou, double chance) {

  /// Compares a map with a box.
  ///
  /// @param map one number for each patch, row by row
  /// @param tile how the patches lie on the picture
  public static Pointing of(double[] map, TokenMap.Tile tile, ImageRegion box) {
    boolean[] inside = inside(tile, box);
    int size = (int) IntStream.range(0, map.length).filter(p -> inside[p]).count();
    double largest = IntStream.range(0, map.length).mapToDouble(p -> map[p]).max().orElse(0);
    int[] best = IntStream.range(0, map.length).filter(p -> map[p] == largest).toArray();
    double hit = IntStream.of(best).filter(p -> inside[p]).count() / (double) best.length;
    double touch =
        IntStream.of(best).filter(p -> shared(tile, p, box) > 0).count() / (double) best.length;
    double all = 0;
    double own = 0;
    for (int p = 0; p < map.length; p++) {
      all += Math.max(0, map[p]);
      own += inside[p] ? Math.max(0, map[p]) : 0;
    }
    long common = order(map).stream().limit(size).filter(p -> inside[p]).count();
    return new Pointing(
        hit,
        touch,
        all > 0 ? own / all : Double.NaN,
        common / (double) (2L * size - common),
        size / (double) map.length);
  }

  /// Patches by value, largest first; equal ones in their order.
  public static List<Integer> order(double[] map) {
    return IntStream.range(0, map.length)
        .boxed()
        .sorted(Comparator.comparingDouble(p -> -map[p]))
        .toList();
  }

  /// Which patches belong to a box.
  public static boolean[] inside(TokenMap.Tile tile, ImageRegion box) {
    boolean[] inside = new boolean[tile.patches()];
    boolean any = false;
    double most = 0;
    for (int p = 0; p < inside.length; p++) {
      double[] pixels = tile.pixels(p / tile.columns(), p % tile.columns());
      inside[p] = contains(box, pixels[0] + pixels[2] / 2, pixels[1] + pixels[3] / 2);
      any |= inside[p];
      most = Math.max(most, shared(tile, p, box));
    }
    for (int p = 0; !any && p < inside.length; p++) {
      inside[p] = shared(tile, p, box) > most - 1e-9;
    }
    return inside;
  }

  /// Pixels that a patch and a box share.
  public static double shared(TokenMap.Tile tile, int patch, ImageRegion box) {
    double[] pixels = tile.pixels(patch / tile.columns(), patch % tile.columns());
    double width = overlap(box.left(), box.width(), pixels[0], pixels[2]);
    double height = overlap(box.top(), box.height(), pixels[1], pixels[3]);
    return width * height;
  }

  private static double overlap(double start, double length, double from, double size) {
    return Math.max(0, Math.min(start + length, from + size) - Math.max(start, from));
  }

  private static boolean contains(ImageRegion box, double x, double y) {
    return x >= box.left()
        && x < box.left() + box.width()
        && y >= box.top()
        && y < box.top() + box.height();
  }
}
