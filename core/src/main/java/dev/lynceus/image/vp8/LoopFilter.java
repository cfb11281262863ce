package dev.lynceus.image.vp8;

/// Smooths the edges of blocks after all of them are there (RFC 6386, section 15).
///
/// @param simple whether only luma is filtered, by the shorter filter
/// @param sharpness 0 to 7
/// @param levels strength of each segment, for macroblocks predicted as a whole and in small blocks
@SuppressWarnings("ArrayRecordComponent")
record LoopFilter(boolean simple, int sharpness, int[][] levels) {
  /// Leaves a picture as it is.
  static final LoopFilter NONE = new LoopFilter(true, 0, new int[4][2]);

  /// Filters the edges of one macroblock; those before it in reading order are done.
  ///
  /// @param inner whether edges inside of it are filtered
  void apply(Plane[] planes, int column, int row, int segment, boolean small, boolean inner) {
    int level = levels[segment][small ? 1 : 0];
    if (level == 0) {
      return;
    }
    int interior = interior(level);
    int limit = 2 * level + interior;
    int steep = level >= 40 ? 2 : level >= 15 ? 1 : 0;
    for (int p = 0; p < (simple ? 1 : planes.length); p++) {
      Plane plane = planes[p];
      int size = p == 0 ? 16 : 8;
      Edges edges = new Edges(plane, simple, interior, steep);
      int at = plane.at(column * size, row * size);
      if (column > 0) {
        edges.across(at, 1, plane.stride, size, limit + 4, true);
      }
      for (int i = 4; inner && i < size; i += 4) {
        edges.across(at + i, 1, plane.stride, size, limit, false);
      }
      if (row > 0) {
        edges.across(at, plane.stride, 1, size, limit + 4, true);
      }
      for (int i = 4; inner && i < size; i += 4) {
        edges.across(at + i * plane.stride, plane.stride, 1, size, limit, false);
      }
    }
  }

  private int interior(int level) {
    int interior = level;
    if (sharpness > 0) {
      interior = Math.min(level >> (sharpness > 4 ? 2 : 1), 9 - sharpness);
    }
    return Math.max(interior, 1);
  }

  /// Filters of one plane.
  private record Edges(Plane plane, boolean simple, int interior, int steep) {

    /// Filters `count` places along an edge.
    ///
    /// @param across from a sample to the next across the edge
    /// @param along from a place to the next along it
    /// @param outer whether this is an edge of a macroblock
    void across(int from, int across, int along, int count, int limit, boolean outer) {
      int allowed = 2 * limit + 1;
      for (int i = 0, at = from; i < count; i++, at += along) {
        if (4 * gap(at - across, at) + gap(at - 2 * across, at + across) > allowed) {
          continue;
        }
        if (simple) {
          two(at, across);
        } else if (isFlat(at, across)) {
          if (gap(at - 2 * across, at - across) > steep || gap(at + across, at) > steep) {
            two(at, across);
          } else if (outer) {
            six(at, across);
          } else {
            four(at, across);
          }
        }
      }
    }

    private boolean isFlat(int at, int step) {
      for (int k = -4; k <= 2; k++) {
        // The edge itself lies between -1 and 0.
        if (k != -1 && gap(at + k * step, at + (k + 1) * step) > interior) {
          return false;
        }
      }
      return true;
    }

    private int gap(int one, int other) {
      return Math.abs(plane.get(one) - plane.get(other));
    }

    private void two(int at, int step) {
      int before = plane.get(at - step);
      int after = plane.get(at);
      int a = 3 * (after - before) + signed8(plane.get(at - 2 * step) - plane.get(at + step));
      put(at - step, before + signed5(a + 3 >> 3));
      put(at, after - signed5(a + 4 >> 3));
    }

    private void four(int at, int step) {
      int before = plane.get(at - step);
      int after = plane.get(at);
      int a = 3 * (after - before);
      int one = signed5(a + 4 >> 3);
      int half = one + 1 >> 1;
      put(at - 2 * step, plane.get(at - 2 * step) + half);
      put(at - step, before + signed5(a + 3 >> 3));
      put(at, after - one);
      put(at + step, plane.get(at + step) - half);
    }

    private void six(int at, int step) {
      int a =
          signed8(
              3 * (plane.get(at) - plane.get(at - step))
                  + signed8(plane.get(at - 2 * step) - plane.get(at + step)));
      for (int k = 0; k < 3; k++) {
        int change = (27 - 9 * k) * a + 63 >> 7;
        int before = at - (k + 1) * step;
        int after = at + k * step;
        put(before, plane.get(before) + change);
        put(after, plane.get(after) - change);
      }
    }

    private void put(int at, int value) {
      plane.samples[at] = (byte) Math.clamp(value, 0, 255);
    }

    private static int signed8(int value) {
      return Math.clamp(value, -128, 127);
    }

    private static int signed5(int value) {
      return Math.clamp(value, -16, 15);
    }
  }
}
