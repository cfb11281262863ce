package dev.lynceus.report;

import java.awt.image.BufferedImage;

/// Turns a grid of numbers into pixels.
final class MapRaster {
  private MapRaster() {}

  /// The grid `values` (row-major, `[rows * columns]`) drawn on `width` x `height` opaque pixels.
  /// Values that are not finite are drawn in mid grey.
  static BufferedImage draw(Grid grid, int width, int height, Sampling sampling, Scale scale) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, scale.argb(grid.sample(x, y, width, height, sampling)));
      }
    }
    return image;
  }

  /// The grid laid over `below`: strong values with `opacity` in [0, 1], weak ones with down to
  /// `least` of it, so that the picture stays recognisable where nothing happens.
  static BufferedImage over(BufferedImage below, Grid grid, BufferedImage map, Overlay how) {
    int width = map.getWidth();
    int height = map.getHeight();
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int b = below.getRGB(x * below.getWidth() / width, y * below.getHeight() / height);
        double v = grid.sample(x, y, width, height, how.sampling());
        double opacity =
            how.opacity() * (how.least() + (1 - how.least()) * Math.sqrt(how.scale().strength(v)));
        image.setRGB(x, y, mix(b, map.getRGB(x, y), opacity));
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
    /// The value at the pixel (x, y) of a picture of `width` x `height` pixels.
    double sample(int x, int y, int width, int height, Sampling sampling) {
      return switch (sampling) {
        case NEAREST -> at(y * rows / height, x * columns / width);
        case SMOOTH -> between((y + 0.5) * rows / height - 0.5, (x + 0.5) * columns / width - 0.5);
      };
    }

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

  /// How a map is laid over a picture.
  ///
  /// @param opacity of the strongest values
  /// @param least part of it that the weakest have
  record Overlay(Sampling sampling, Scale scale, double opacity, double least) {}

  /// Which colours, for which range of numbers.
  record Scale(ColourScale colours, ValueRange range, boolean signed) {
    private static final int NOT_A_NUMBER = 0xFF808080;

    int argb(double value) {
      return Double.isFinite(value) ? colours.argb(range.fraction(value)) : NOT_A_NUMBER;
    }

    /// 0 for the weakest value of the range, 1 for the strongest; signed values by their distance
    /// from zero.
    double strength(double value) {
      if (!Double.isFinite(value)) {
        return 0;
      }
      double t = Math.clamp(range.fraction(value), 0, 1);
      return signed ? Math.abs(2 * t - 1) : t;
    }
  }
}
