package dev.lynceus.image;

import java.awt.image.Raster;

/// From the components of a JPEG file to RGB, in the integer arithmetic of the IJG library, so that
/// results equal those of libjpeg-turbo.
final class JpegColours {
  private static final int SCALE_BITS = 16;
  private static final int HALF = 1 << (SCALE_BITS - 1);

  private JpegColours() {}

  /// The picture in a raster of raw components.
  static RgbImage toRgb(Raster raster, JpegHeader header) {
    int width = raster.getWidth();
    int height = raster.getHeight();
    int bands = raster.getNumBands();
    byte[] rgb = new byte[width * height * 3];
    int[] row = new int[width * bands];
    int at = 0;
    for (int y = 0; y < height; y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      if (header.halvedRows() != 0) {
        interpolateRow(raster, y, row, header.halvedRows());
      }
      for (int i = 0; i < row.length; i += bands, at += 3) {
        switch (header.colours()) {
          case GREY -> put(rgb, at, row[i], row[i], row[i]);
          case RGB -> put(rgb, at, row[i], row[i + 1], row[i + 2]);
          case YCBCR -> putYcc(rgb, at, row[i], row[i + 1], row[i + 2]);
          case CMYK -> putCmyk(rgb, at, row[i], row[i + 1], row[i + 2], row[i + 3]);
          case YCCK -> {
            // YCCK is CMYK whose first three components, inverted, were stored as YCbCr.
            putYcc(rgb, at, row[i], row[i + 1], row[i + 2]);
            int cyan = 255 - (rgb[at] & 0xff);
            int magenta = 255 - (rgb[at + 1] & 0xff);
            int yellow = 255 - (rgb[at + 2] & 0xff);
            putCmyk(rgb, at, cyan, magenta, yellow, row[i + 3]);
          }
        }
      }
    }
    return RgbImage.wrap(width, height, rgb);
  }

  /// Row `y` of components that have half of the rows. The decoder repeats each of their rows;
  /// libjpeg-turbo mixes three parts of it with one part of the next nearest.
  ///
  /// @param halved which components, as in [JpegHeader#halvedRows()]
  private static void interpolateRow(Raster raster, int y, int[] row, int halved) {
    boolean upper = y % 2 == 0;
    int last = (raster.getHeight() - 1) / 2;
    int neighbour = Math.clamp(y / 2 + (upper ? -1 : 1), 0, last);
    int from = raster.getMinY() + 2 * neighbour;
    int[] other = raster.getPixels(raster.getMinX(), from, raster.getWidth(), 1, (int[]) null);
    int bias = upper ? 1 : 2;
    int bands = raster.getNumBands();
    for (int i = 0; i < row.length; i++) {
      if ((halved >> i % bands & 1) != 0) {
        row[i] = (3 * row[i] + other[i] + bias) >> 2;
      }
    }
  }

  private static void putYcc(byte[] rgb, int at, int y, int cb, int cr) {
    int b = cb - 128;
    int r = cr - 128;
    int red = y + ((fix(1.40200) * r + HALF) >> SCALE_BITS);
    int green = y + ((-fix(0.34414) * b - fix(0.71414) * r + HALF) >> SCALE_BITS);
    int blue = y + ((fix(1.77200) * b + HALF) >> SCALE_BITS);
    put(rgb, at, clip(red), clip(green), clip(blue));
  }

  /// CMYK as Adobe writes it into JPEG files: inverted, 255 is no ink. Plain subtraction of ink, no
  /// colour profile.
  private static void putCmyk(byte[] rgb, int at, int cyan, int magenta, int yellow, int black) {
    put(rgb, at, times(cyan, black), times(magenta, black), times(yellow, black));
  }

  /// Light that passes one ink and black, both stored inverted.
  private static int times(int ink, int black) {
    int product = (255 - ink) * black + 128;
    return clip(black - ((product + (product >> 8)) >> 8));
  }

  private static int fix(double factor) {
    return (int) (factor * (1 << SCALE_BITS) + 0.5);
  }

  private static int clip(int value) {
    return Math.clamp(value, 0, 255);
  }

  private static void put(byte[] rgb, int at, int red, int green, int blue) {
    rgb[at] = (byte) red;
    rgb[at + 1] = (byte) green;
    rgb[at + 2] = (byte) blue;
  }
}
