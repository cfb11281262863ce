package dev.lynceus.lab.picture;

import java.util.ArrayList;
import java.util.List;

/// How far each pixel of a mask is from what does not belong to it: the exact squared Euclidean
/// distance of pixel centres, whole numbers. What lies outside of the picture does not belong to
/// the mask. Lower envelopes of parabolas along columns, then rows (Felzenszwalb and Huttenlocher,
/// Theory of Computing 2012), by whole numbers throughout.
///
/// @param width of the picture
/// @param height of it
/// @param squared `[y * width + x]`; 0 outside of the mask
// Plain numbers; nothing compares these records.
@SuppressWarnings("ArrayRecordComponent")
public record Distances(int width, int height, long[] squared) {

  /// Measures a mask.
  public static Distances of(Mask mask) {
    int width = mask.width() + 2;
    int height = mask.height() + 2;
    long far = (long) width + height;
    long[] columns = new long[width * height];
    for (int x = 0; x < width; x++) {
      long run = far;
      for (int y = 0; y < height; y++) {
        run = mask.has(x - 1, y - 1) ? run + 1 : 0;
        columns[y * width + x] = run;
      }
      run = far;
      for (int y = height - 1; y >= 0; y--) {
        run = mask.has(x - 1, y - 1) ? run + 1 : 0;
        columns[y * width + x] = Math.min(columns[y * width + x], run);
      }
    }
    long[] squared = new long[mask.width() * mask.height()];
    long[] row = new long[width];
    for (int y = 1; y < height - 1; y++) {
      System.arraycopy(columns, y * width, row, 0, width);
      long[] found = alongRow(row);
      System.arraycopy(found, 1, squared, (y - 1) * mask.width(), mask.width());
    }
    return new Distances(mask.width(), mask.height(), squared);
  }

  /// For each place the least of `(x - i)^2 + heights[i]^2` over all `i`.
  private static long[] alongRow(long[] heights) {
    int n = heights.length;
    int[] owner = new int[n];
    long[] from = new long[n + 1];
    int last = 0;
    owner[0] = 0;
    from[0] = 0;
    for (int i = 1; i < n; i++) {
      while (true) {
        int top = owner[last];
        // The first place at which parabola i is lower than that of the top.
        long rise =
            (long) i * i - (long) top * top + heights[i] * heights[i] - heights[top] * heights[top];
        long first = Math.floorDiv(rise, 2L * (i - top)) + 1;
        if (first <= from[last] && last > 0) {
          last--;
          continue;
        }
        if (first <= from[last]) {
          owner[0] = i;
        } else if (first < n) {
          owner[++last] = i;
          from[last] = first;
        }
        break;
      }
    }
    long[] found = new long[n];
    for (int x = n - 1; x >= 0; x--) {
      while (from[last] > x) {
        last--;
      }
      long away = x - (long) owner[last];
      found[x] = away * away + heights[owner[last]] * heights[owner[last]];
    }
    return found;
  }

  /// The squared distance of a pixel.
  public long at(int x, int y) {
    return squared[y * width + x];
  }

  /// The largest one.
  public long largest() {
    long largest = 0;
    for (long one : squared) {
      largest = Math.max(largest, one);
    }
    return largest;
  }

  /// The pixel farthest from what does not belong to the mask, as x and y; of several, in reading
  /// order, the one in the middle.
  ///
  /// @throws IllegalStateException for a mask without pixels
  public int[] deepest() {
    long most = largest();
    List<Integer> ties = new ArrayList<>();
    for (int i = 0; i < squared.length && most > 0; i++) {
      if (squared[i] == most) {
        ties.add(i);
      }
    }
    if (ties.isEmpty()) {
      throw new IllegalStateException("the mask has no pixels");
    }
    int middle = ties.get(ties.size() / 2);
    return new int[] {middle % width, middle / width};
  }
}
