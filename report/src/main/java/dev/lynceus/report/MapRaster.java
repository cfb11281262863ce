package dev.lynceus.report;

import java.awt.image.BufferedImage;

/// Turns a grid of numbers into pixels.
final class MapRaster {
  private static final int HATCH = 9;
  private static final int INK = 0xFF10243F;

  /// Strengths below this part of the scale are not drawn.
  static final double FAINT = 1 / 12.;

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

  /// The grid laid over `below`: the strongest values with `opacity` in [0, 1], weaker ones with
  /// less, and nothing at all where the value is next to zero. Values below zero are hatched, so
  /// that their sign is seen without colours.
  static BufferedImage over(BufferedImage below, Grid grid, int width, int height, Overlay how) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int b = below.getRGB(x * below.getWidth() / width, y * below.getHeight() / height);
        double v = grid.sample(x, y, width, height, how.sampling());
        double part = weight(how.scale().strength(v));
        int colour = mix(b, how.scale().over(v), how.opacity() * part);
        boolean line = how.scale().signed() && v < 0 && part > 0 && (x + y) % HATCH < 2;
        image.setRGB(x, y, line ? mix(colour, INK, how.opacity() * (.35 + .5 * part)) : colour);
      }
    }
    return image;
  }

  /// How much of the opacity a strength gets, both 0 to 1: none below a twelfth.
  static double weight(double strength) {
    return strength < FAINT ? 0 : Math.pow(strength, .75);
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
  record Overlay(Sampling sampling, Scale scale, double opacity) {}

  /// Which colours, for which range of numbers.
  record Scale(ColourScale colours, ValueRange range, boolean signed) {
    private static final int NOT_A_NUMBER = 0xFF808080;

    int argb(double value) {
      return Double.isFinite(value) ? colours.argb(range.fraction(value)) : NOT_A_NUMBER;
    }

    /// The colour over a picture, opaque: never dark, so that what fades does not darken.
    int over(double value) {
      double part = strength(value);
      return colours.argb(
          signed ? value < 0 ? .25 - .25 * part : .75 + .25 * part : .35 + .65 * part);
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
