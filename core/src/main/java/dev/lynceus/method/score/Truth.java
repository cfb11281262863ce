package dev.lynceus.method.score;

import dev.lynceus.image.ImageRegion;
import dev.lynceus.tap.TokenMap;
import java.util.Arrays;
import java.util.List;

/// Where in a picture the evidence of a word is: boxes, masks, or both.
///
/// @param boxes in pixels of the picture; together they are the evidence
/// @param masks of the same things, each as large as the picture; may be empty
public record Truth(List<ImageRegion> boxes, List<Mask> masks) {
  /// Nothing is known.
  public static final Truth NONE = new Truth(List.of(), List.of());

  public Truth {
    boxes = List.copyOf(boxes);
    masks = List.copyOf(masks);
  }

  /// Which pixels a thing covers.
  ///
  /// @param covered `[height * width]`, row by row, how much of each pixel: 0 to 255
  // Plain numbers; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  public record Mask(int width, int height, byte[] covered) {}

  /// One box and no mask.
  public static Truth box(ImageRegion box) {
    return new Truth(List.of(box), List.of());
  }

  /// Whether there is anything to compare with.
  public boolean known() {
    return !boxes.isEmpty();
  }

  /// Which patches belong to any of the boxes; see [Pointing#inside].
  public boolean[] inside(TokenMap.Tile tile) {
    boolean[] inside = new boolean[tile.patches()];
    for (ImageRegion box : boxes) {
      boolean[] own = Pointing.inside(tile, box);
      for (int p = 0; p < inside.length; p++) {
        inside[p] |= own[p];
      }
    }
    return inside;
  }

  /// Part of each patch that the masks cover, 0 to 1; all zero without masks.
  public double[] covered(TokenMap.Tile tile) {
    double[] covered = new double[tile.patches()];
    for (Mask mask : masks) {
      for (int p = 0; p < covered.length; p++) {
        double[] at = tile.pixels(p / tile.columns(), p % tile.columns());
        covered[p] = Math.min(1, covered[p] + part(mask, at));
      }
    }
    return covered;
  }

  private static double part(Mask mask, double[] patch) {
    int left = Math.clamp(Math.round(patch[0]), 0, mask.width());
    int top = Math.clamp(Math.round(patch[1]), 0, mask.height());
    int right = Math.clamp(Math.round(patch[0] + patch[2]), left, mask.width());
    int bottom = Math.clamp(Math.round(patch[1] + patch[3]), top, mask.height());
    long sum = 0;
    for (int y = top; y < bottom; y++) {
      for (int x = left; x < right; x++) {
        sum += mask.covered()[y * mask.width() + x] & 0xff;
      }
    }
    int pixels = (right - left) * (bottom - top);
    return pixels == 0 ? 0 : sum / (255. * pixels);
  }

  /// Which patches are covered to half at least; those that are covered most, where none is.
  public boolean[] masked(TokenMap.Tile tile) {
    double[] covered = covered(tile);
    double least = Math.min(.5, Arrays.stream(covered).max().orElse(0));
    boolean[] masked = new boolean[covered.length];
    for (int p = 0; p < masked.length; p++) {
      masked[p] = covered[p] >= least && covered[p] > 0;
    }
    return masked;
  }
}
