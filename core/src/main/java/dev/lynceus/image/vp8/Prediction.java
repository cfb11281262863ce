package dev.lynceus.image.vp8;

import java.util.Arrays;

/// Predicts blocks from the samples above and at the left of them (RFC 6386, section 12).
final class Prediction {
  static final int DC = 0;
  static final int TRUE_MOTION = 1;
  static final int VERTICAL = 2;
  static final int HORIZONTAL = 3;
  private static final int RIGHT_DOWN = 4;
  private static final int VERTICAL_RIGHT = 5;
  private static final int LEFT_DOWN = 6;
  private static final int VERTICAL_LEFT = 7;
  private static final int HORIZONTAL_DOWN = 8;
  private static final int HORIZONTAL_UP = 9;

  /// Places of the edge of a small block: from the lowest at the left, over the corner, to the
  /// eighth above.
  private static final int CORNER = 4;

  private static final int EDGE = 13;

  private final int[] edge = new int[EDGE];

  /// A whole component of a macroblock, 16 or 8 samples wide.
  ///
  /// @param top whether a macroblock lies above
  /// @param left whether one lies at the left
  static void whole(Plane plane, int at, int size, int mode, boolean top, boolean left) {
    byte[] to = plane.samples;
    int stride = plane.stride;
    switch (mode) {
      case DC -> {
        int mean = mean(plane, at, size, top, left);
        for (int y = 0; y < size; y++) {
          Arrays.fill(to, at + y * stride, at + y * stride + size, (byte) mean);
        }
      }
      case TRUE_MOTION -> trueMotion(plane, at, size);
      case VERTICAL -> {
        for (int y = 0; y < size; y++) {
          System.arraycopy(to, at - stride, to, at + y * stride, size);
        }
      }
      default -> {
        for (int y = 0; y < size; y++) {
          int row = at + y * stride;
          Arrays.fill(to, row, row + size, to[row - 1]);
        }
      }
    }
  }

  private static int mean(Plane plane, int at, int size, boolean top, boolean left) {
    int sum = 0;
    int count = 0;
    for (int i = 0; i < size; i++) {
      if (top) {
        sum += plane.get(at - plane.stride + i);
        count++;
      }
      if (left) {
        sum += plane.get(at + i * plane.stride - 1);
        count++;
      }
    }
    return count == 0 ? 128 : (sum + count / 2) / count;
  }

  private static void trueMotion(Plane plane, int at, int size) {
    int above = at - plane.stride;
    int corner = plane.get(above - 1);
    for (int y = 0; y < size; y++) {
      int row = at + y * plane.stride;
      int difference = plane.get(row - 1) - corner;
      for (int x = 0; x < size; x++) {
        plane.samples[row + x] = (byte) Math.clamp(plane.get(above + x) + difference, 0, 255);
      }
    }
  }

  /// A block of 4 x 4 samples of luma.
  ///
  /// @param right where the four samples above and to the right of it are
  void small(Plane plane, int at, int mode, int right) {
    if (mode == TRUE_MOTION) {
      trueMotion(plane, at, 4);
      return;
    }
    int above = at - plane.stride;
    for (int i = 0; i < 4; i++) {
      edge[i] = plane.get(at + (3 - i) * plane.stride - 1);
      edge[CORNER + 1 + i] = plane.get(above + i);
      edge[CORNER + 5 + i] = plane.get(right + i);
    }
    edge[CORNER] = plane.get(above - 1);
    for (int y = 0; y < 4; y++) {
      for (int x = 0; x < 4; x++) {
        plane.samples[at + y * plane.stride + x] = (byte) sample(mode, x, y);
      }
    }
  }

  private int sample(int mode, int x, int y) {
    return switch (mode) {
      case DC -> smallMean();
      case VERTICAL -> three(CORNER + 1 + x);
      case HORIZONTAL -> y == 3 ? (edge[1] + 3 * edge[0] + 2) >> 2 : three(3 - y);
      case RIGHT_DOWN -> three(CORNER + x - y);
      case LEFT_DOWN ->
          x + y == 6
              ? (edge[CORNER + 7] + 3 * edge[CORNER + 8] + 2) >> 2
              : three(CORNER + 2 + x + y);
      case VERTICAL_RIGHT -> verticalRight(x, y);
      case VERTICAL_LEFT -> verticalLeft(x, y);
      case HORIZONTAL_DOWN -> horizontalDown(x, y);
      default -> horizontalUp(x, y);
    };
  }

  private int smallMean() {
    int sum = 4;
    for (int i = 0; i < 4; i++) {
      sum += edge[i] + edge[CORNER + 1 + i];
    }
    return sum >> 3;
  }

  private int verticalRight(int x, int y) {
    int place = 2 * x - y;
    if (place < 0) {
      return three(CORNER + 1 + place);
    }
    int from = CORNER + x - y / 2;
    return y % 2 == 0 ? two(from) : three(from);
  }

  private int verticalLeft(int x, int y) {
    // The last two of the right column break the rule: the edge ends there.
    if (x == 3 && y >= 2) {
      return three(CORNER + 4 + y);
    }
    int from = CORNER + 1 + x + y / 2;
    return y % 2 == 0 ? two(from) : three(from + 1);
  }

  private int horizontalDown(int x, int y) {
    int place = 2 * y - x;
    if (place < 0) {
      return three(CORNER - 1 - place);
    }
    int from = 3 - y + x / 2;
    return x % 2 == 0 ? two(from) : three(from + 1);
  }

  private int horizontalUp(int x, int y) {
    int place = 2 * y + x;
    if (place > 5) {
      return edge[0];
    }
    if (place == 5) {
      return (edge[1] + 3 * edge[0] + 2) >> 2;
    }
    int from = 2 - y - x / 2;
    return x % 2 == 0 ? two(from) : three(from);
  }

  /// The mean of two neighbours of the edge, from the lower one.
  private int two(int lower) {
    return (edge[lower] + edge[lower + 1] + 1) >> 1;
  }

  /// The weighted mean of three neighbours of the edge, by the middle one.
  private int three(int middle) {
    return (edge[middle - 1] + 2 * edge[middle] + edge[middle + 1] + 2) >> 2;
  }
}
