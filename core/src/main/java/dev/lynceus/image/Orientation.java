package dev.lynceus.image;

/// How a camera was held: what to do with the stored rows so that up is up. The numbers are those
/// of EXIF tag 0x0112.
enum Orientation {
  UPRIGHT,
  MIRRORED,
  TURNED_180,
  FLIPPED,
  TRANSPOSED,
  TURNED_RIGHT,
  TRANSVERSED,
  TURNED_LEFT;

  /// The orientation of an EXIF value; values that EXIF does not define leave the picture as it is.
  static Orientation ofExif(long value) {
    return value >= 1 && value <= 8 ? values()[(int) value - 1] : UPRIGHT;
  }

  /// The picture as it should be seen.
  RgbImage apply(RgbImage image) {
    if (this == UPRIGHT) {
      return image;
    }
    int w = image.width();
    int h = image.height();
    int width = swapsSides() ? h : w;
    int height = swapsSides() ? w : h;
    byte[] from = image.samples();
    byte[] to = new byte[from.length];
    int at = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++, at += 3) {
        int source =
            switch (this) {
              case UPRIGHT -> y * w + x;
              case MIRRORED -> y * w + (w - 1 - x);
              case TURNED_180 -> (h - 1 - y) * w + (w - 1 - x);
              case FLIPPED -> (h - 1 - y) * w + x;
              case TRANSPOSED -> x * w + y;
              case TURNED_RIGHT -> (h - 1 - x) * w + y;
              case TRANSVERSED -> (h - 1 - x) * w + (w - 1 - y);
              case TURNED_LEFT -> x * w + (w - 1 - y);
            };
        System.arraycopy(from, source * 3, to, at, 3);
      }
    }
    return RgbImage.wrap(width, height, to);
  }

  private boolean swapsSides() {
    return switch (this) {
      case UPRIGHT, MIRRORED, TURNED_180, FLIPPED -> false;
      case TRANSPOSED, TURNED_RIGHT, TRANSVERSED, TURNED_LEFT -> true;
    };
  }
}
