package dev.lynceus.lab.mark;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.picture.Rgb;
import dev.lynceus.lab.picture.Side;

/// How marks are drawn.
///
/// @param colour of lines
/// @param size thickness of lines and height of numbers, as a multiple of the usual
/// @param alpha of lines, 0 to 1
/// @param side where the mark stands
public record Style(Rgb colour, double size, double alpha, Side side) {
  /// Red lines of the usual thickness around the region.
  public static final Style USUAL = new Style(Rgb.RED, 1, 1, Side.CENTRE);

  public Style {
    if (!(size > 0 && size <= 100) || !(alpha >= 0 && alpha <= 1)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "marks %s times as large, with an alpha of %s".formatted(size, alpha),
          "Use a size of more than 0, and an alpha of 0 to 1.");
    }
  }

  /// Thickness of lines on a picture of that size, in pixels: a two-hundredth of the longer side,
  /// at least 2, times the size.
  public double stroke(int width, int height) {
    return size * Math.max(2, Math.max(width, height) / 200.0);
  }

  /// What tables call it, for example `red, size 2, left`.
  public String text() {
    return "%s, size %s, %s"
        .formatted(
            colour.text(),
            size == Math.rint(size) ? Long.toString((long) size) : Double.toString(size),
            side.name().toLowerCase(java.util.Locale.ROOT));
  }
}
