package dev.lynceus.lab.think;

import dev.lynceus.image.RgbImage;

/// Pictures turned and mirrored, pixel by pixel.
final class Turned {
  private Turned() {}

  /// Left and right exchanged.
  static RgbImage mirrored(RgbImage image) {
    byte[] from = image.toBytes();
    byte[] to = new byte[from.length];
    int width = image.width();
    for (int y = 0; y < image.height(); y++) {
      for (int x = 0; x < width; x++) {
        System.arraycopy(from, (y * width + x) * 3, to, (y * width + width - 1 - x) * 3, 3);
      }
    }
    return RgbImage.of(width, image.height(), to);
  }

  /// A quarter turn clockwise.
  static RgbImage quarter(RgbImage image) {
    byte[] from = image.toBytes();
    byte[] to = new byte[from.length];
    int width = image.width();
    int height = image.height();
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        System.arraycopy(from, (y * width + x) * 3, to, (x * height + height - 1 - y) * 3, 3);
      }
    }
    return RgbImage.of(height, width, to);
  }
}
