package dev.lynceus.report;

import java.awt.image.BufferedImage;

/// Turns a grid of numbers into pixels.
final class MapRaster {
  private MapRaster() {}

  /// The grid `values` (row-major, `[rows * columns]`) drawn on `width` x `height` opaque pixels. Values that
  /// are not finite are drawn in mid grey.
  static BufferedImage draw(Grid grid, int width, int height, Sampling sampling, Scale scale) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double v =
            switch (sampling) {
              case NEAREST -> grid.at(y * grid.rows() / height, x * grid.columns() / width);
              case SMOOTH ->
                  grid.between(
                      (y + 0.5) * grid.rows() / height - 0.5,
                      (x + 0.5) * grid.columns() / width - 0.5);
            };
        image.setRGB(x, y, scale.argb(v));
      }
    }
    return image;
  }

  /// `above` laid over `below` with `opacity` in [0, 1]; the size is that of `above`.
  static BufferedImage over(BufferedImage below, BufferedImage above, double opacity) {
    int width = above.getWidth();
    int height = above.getHeight();
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int b = below.getRGB(x * below.getWidth() / width, y * below.getHeight() / height);
        image.setRGB(x, y, mix(b, above.getRGB(x, y), opacity));
      }
    }
    return image;
  }

  private static int mix(int below, int above, double opacity) {
    int colour = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      double v = (1 - opacity) * (below >> shift & 0xFF) + opacity * (above >> shift & 0xFF);
      colour |= (int) Math.round(v) << shift;
    }
    return colour;
  }

  /// Numbers on a grid, row-major.
  record Grid(double[] values, int rows, int columns) {
    double at(int row, int column) {
      return values[Math.clamp(row, 0, rows - 1) * columns + Math.clamp(column, 0, columns - 1)];
    }

    double between(double row, double column) {
      int r = (int) Math.floor(row);
      int c = (int) Math.floor(column);
      double down = row - r;
      double right = column - c;
      return (1 - down) * ((1 - right) * at(r, c) + right * at(r, c + 1))
          + down * ((1 - right) * at(r + 1, c) + right * at(r + 1, c + 1));
    }
  }

  /// Which colours, for which range of numbers.
  record Scale(ColourScale colours, ValueRange range) {
    private static final int NOT_A_NUMBER = 0xFF808080;

    int argb(double value) {
      return Double.isFinite(value) ? colours.argb(range.fraction(value)) : NOT_A_NUMBER;
    }
  }
}
