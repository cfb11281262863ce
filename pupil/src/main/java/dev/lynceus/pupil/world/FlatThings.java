package dev.lynceus.pupil.world;

import dev.lynceus.image.RgbImage;
import java.util.ArrayDeque;

/// Looks for what every picture of this world has and few photographs have: a thing of one flat
/// colour, whose pixels do not differ from the first by more than one step of a channel.
final class FlatThings {
  /// Pixels of one colour that make a thing. Each of 300 scenes has a thing of more.
  private static final int LEAST = 200;

  /// Largest side of a thing in pixels, with room for its turn.
  private static final int LARGEST_SIDE = 64;

  /// Steps of a channel that are still one colour.
  private static final int SAME = 1;

  /// Pixels of one colour that make a spot, in a picture of any size.
  private static final int SPOT = 40;

  private final byte[] samples;
  private final int width;
  private final int height;
  private final boolean[] seen;

  private final int least;
  private final int largest;

  private FlatThings(RgbImage image, int least, int largest) {
    this.least = least;
    this.largest = largest;
    this.samples = image.toBytes();
    this.width = image.width();
    this.height = image.height();
    this.seen = new boolean[width * height];
  }

  /// Whether a picture of the world's size has at least one flat thing.
  static boolean in(RgbImage image) {
    return new FlatThings(image, LEAST, LARGEST_SIDE).any();
  }

  /// Whether a picture of any size has a flat spot, however large it is.
  static boolean spot(RgbImage image) {
    return new FlatThings(image, SPOT, Integer.MAX_VALUE).any();
  }

  private boolean any() {
    for (int pixel = 0; pixel < seen.length; pixel++) {
      if (!seen[pixel] && isThing(pixel)) {
        return true;
      }
    }
    return false;
  }

  private boolean isThing(int first) {
    int left = width;
    int right = 0;
    int top = height;
    int bottom = 0;
    int count = 0;
    ArrayDeque<Integer> open = new ArrayDeque<>();
    seen[first] = true;
    open.add(first);
    while (!open.isEmpty()) {
      int pixel = open.remove();
      int x = pixel % width;
      int y = pixel / width;
      count++;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
      if (x > 0) {
        visit(first, pixel - 1, open);
      }
      if (x < width - 1) {
        visit(first, pixel + 1, open);
      }
      if (y > 0) {
        visit(first, pixel - width, open);
      }
      if (y < height - 1) {
        visit(first, pixel + width, open);
      }
    }
    return count >= least && Math.max(right - left, bottom - top) < largest;
  }

  private void visit(int first, int pixel, ArrayDeque<Integer> open) {
    if (!seen[pixel] && same(first, pixel)) {
      seen[pixel] = true;
      open.add(pixel);
    }
  }

  private boolean same(int a, int b) {
    for (int c = 0; c < 3; c++) {
      if (Math.abs((samples[3 * a + c] & 0xff) - (samples[3 * b + c] & 0xff)) > SAME) {
        return false;
      }
    }
    return true;
  }
}
