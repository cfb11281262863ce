package dev.lynceus.lab.mark;

import dev.lynceus.lab.picture.Mask;
import dev.lynceus.lab.picture.Region;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// Regions to compare a region with: the same shape elsewhere in the picture, so that area and form
/// are the same, and no pixel is shared with it.
public final class Controls {
  private Controls() {}

  /// Draws regions.
  ///
  /// @param most how many at most
  /// @return fewer where fewer fit; each is another one
  public static List<Region> of(Region region, int width, int height, int most, long seed) {
    Mask mask = region.mask(width, height);
    Optional<Region.Box> bounds = mask.bounds();
    if (bounds.isEmpty()) {
      return List.of();
    }
    Region.Box box = bounds.get();
    List<int[]> shifts = new ArrayList<>();
    for (int down = (int) -box.y0(); down + box.y1() <= height; down++) {
      for (int right = (int) -box.x0(); right + box.x1() <= width; right++) {
        boolean apart =
            Math.abs(right) >= box.x1() - box.x0() || Math.abs(down) >= box.y1() - box.y0();
        if (apart) {
          shifts.add(new int[] {right, down});
        }
      }
    }
    List<Region> drawn = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(seed);
    while (drawn.size() < most && !shifts.isEmpty()) {
      int number = random.nextInt(shifts.size());
      int[] shift = shifts.get(number);
      shifts.set(number, shifts.getLast());
      shifts.removeLast();
      drawn.add(moved(region, mask, shift[0], shift[1]));
    }
    return drawn;
  }

  private static Region moved(Region region, Mask mask, int right, int down) {
    return region instanceof Region.Box box
            && box.x0() >= 0
            && box.y0() >= 0
            && box.x1() <= mask.width()
            && box.y1() <= mask.height()
        ? box.moved(right, down)
        : Region.Painted.of(mask.moved(right, down).orElseThrow());
  }
}
