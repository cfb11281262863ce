package dev.lynceus.image.vp8;

import java.util.Arrays;

/// One component of a picture, whole macroblocks, with a border above and at the left from which
/// the first blocks are predicted: 127 above (four samples further than the last block), 129 at the
/// left.
final class Plane {
  private static final int ABOVE = 127;
  private static final int LEFT = 129;
  private static final int BEYOND = 4;

  final byte[] samples;
  final int stride;

  /// @param width samples of a row, a multiple of the block
  Plane(int width, int height) {
    stride = width + 1 + BEYOND;
    samples = new byte[stride * (height + 1)];
    Arrays.fill(samples, 0, stride, (byte) ABOVE);
    for (int y = 1; y <= height; y++) {
      samples[y * stride] = (byte) LEFT;
    }
  }

  /// Where sample (x, y) is.
  int at(int x, int y) {
    return (y + 1) * stride + x + 1;
  }

  /// The sample at a place, 0 to 255.
  int get(int at) {
    return samples[at] & 0xff;
  }
}
