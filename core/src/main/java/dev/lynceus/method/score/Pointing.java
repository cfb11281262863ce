package dev.lynceus.method.score;

import dev.lynceus.image.ImageRegion;
import dev.lynceus.tap.TokenMap;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// How well a patch map agrees with where the evidence is. A patch belongs to a box if its centre
/// lies inside; where the box is too narrow for any centre, the patches that share most with it do.
/// Several boxes are one region.
///
/// All but `energy` and `maskEnergy` use the order of the values alone, so that maps of any unit
/// can be compared. Energy is a share of sums: squaring a map, which changes no order, changes it.
///
/// @param hit the pointing game: whether the patch with the largest value belongs to a box; where
///   several are largest, the part of them that does
/// @param touch the same, but it is enough that the patch shares any pixel with a box
/// @param precision average precision of the order against the boxes' patches: 1 if all of them
///   come first, about `chance` for a random order; equal values count as one step
/// @param iou intersection over union of the boxes' patches and as many patches with the largest
///   values
/// @param energy share of the sum of all positive values that lies on patches of the boxes; NaN
///   where nothing is positive; depends on the unit of the map
/// @param maskPrecision average precision against patches that masks cover to half; NaN without
///   masks
/// @param maskEnergy share of the positive values that masks cover, each patch counted by the part
///   of it that is covered; NaN without masks; depends on the unit of the map
/// @param chance part of all patches that belong to the boxes: what `hit` is for a random map
public record Pointing(
    double hit,
    double touch,
    double precision,
    double iou,
    double energy,
    double maskPrecision,
    double maskEnergy,
    double chance) {

  /// Compares a map with a box.
  ///
  /// @param map one number for each patch, row by row
  /// @param tile how the patches lie on the picture
  public static Pointing of(double[] map, TokenMap.Tile tile, ImageRegion box) {
    return of(map, tile, Truth.box(box));
  }

  /// Compares a map with what is known of the evidence, one box at least.
  public static Pointing of(double[] map, TokenMap.Tile tile, Truth truth) {
    boolean[] inside = truth.inside(tile);
    int size = (int) IntStream.range(0, map.length).filter(p -> inside[p]).count();
    double largest = IntStream.range(0, map.length).mapToDouble(p -> map[p]).max().orElse(0);
    int[] best = IntStream.range(0, map.length).filter(p -> map[p] == largest).toArray();
    double hit = IntStream.of(best).filter(p -> inside[p]).count() / (double) best.length;
    double touch =
        IntStream.of(best)
                .filter(p -> truth.boxes().stream().anyMatch(box -> shared(tile, p, box) > 0))
                .count()
            / (double) best.length;
    long common = order(map).stream().limit(size).filter(p -> inside[p]).count();
    double[] whole = new double[map.length];
    for (int p = 0; p < map.length; p++) {
      whole[p] = inside[p] ? 1 : 0;
    }
    boolean masks = !truth.masks().isEmpty();
    return new Pointing(
        hit,
        touch,
        precision(map, inside),
        common / (double) (2L * size - common),
        energy(map, whole),
        masks ? precision(map, truth.masked(tile)) : Double.NaN,
        masks ? energy(map, truth.covered(tile)) : Double.NaN,
        size / (double) map.length);
  }

  private static double energy(double[] map, double[] weights) {
    double all = 0;
    double own = 0;
    for (int p = 0; p < map.length; p++) {
      all += Math.max(0, map[p]);
      own += weights[p] * Math.max(0, map[p]);
    }
    return all > 0 ? own / all : Double.NaN;
  }

  /// Average precision of an order: the mean, over the wanted, of the part of wanted ones among all
  /// that come no later; NaN where none is wanted.
  public static double precision(double[] map, boolean[] wanted) {
    List<Integer> order = order(map);
    double sum = 0;
    int found = 0;
    for (int start = 0; start < order.size(); ) {
      int end = start;
      int here = 0;
      while (end < order.size() && map[order.get(end)] == map[order.get(start)]) {
        here += wanted[order.get(end)] ? 1 : 0;
        end++;
      }
      found += here;
      sum += here * (found / (double) end);
      start = end;
    }
    return found == 0 ? Double.NaN : sum / found;
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
