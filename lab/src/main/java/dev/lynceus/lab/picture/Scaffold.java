package dev.lynceus.lab.picture;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import java.util.ArrayList;
import java.util.List;

/// A matrix of dots with coordinates (Lei and others, arXiv 2402.12058): dot (row, column), both
/// from 1, stands at `column * width / (columns + 1)`, `row * height / (rows + 1)`; black where the
/// pixel under it is bright, else white.
///
/// @param rows of dots
/// @param columns of dots
/// @param radius of a dot in pixels; 0 = the longer side through 240, at least 1
/// @param height of the coordinates in pixels; 0 = the longer side through 40, at least 5; negative
///   = none are written
public record Scaffold(int rows, int columns, double radius, double height) implements Operation {
  /// Mean sample from which on a pixel is bright.
  private static final double BRIGHT = 127.5;

  public Scaffold {
    if (rows < 1 || columns < 1 || rows > 99 || columns > 99 || !(radius >= 0) || radius > 1e4) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a scaffold of %d x %d dots with a radius of %s".formatted(rows, columns, radius),
          "Use 1 to 99 rows and columns, and a radius of 0 or more.");
    }
  }

  /// As it is published: six by six.
  public static Scaffold of() {
    return new Scaffold(6, 6, 0, 0);
  }

  /// A dot.
  ///
  /// @param x of its centre in pixels
  /// @param y of its centre
  public record Dot(int row, int column, double x, double y) {}

  /// All dots on a picture of that size, row by row.
  public List<Dot> dots(int width, int ofHeight) {
    List<Dot> dots = new ArrayList<>();
    for (int row = 1; row <= rows; row++) {
      for (int column = 1; column <= columns; column++) {
        dots.add(
            new Dot(
                row,
                column,
                (double) column * width / (columns + 1),
                (double) row * ofHeight / (rows + 1)));
      }
    }
    return dots;
  }

  @Override
  public RgbImage apply(RgbImage image) {
    double longer = Math.max(image.width(), image.height());
    double reach = radius > 0 ? radius : Math.max(1, longer / 240);
    double letters = height == 0 ? Math.max(5, longer / 40) : height;
    Canvas clean = new Canvas(image);
    Canvas canvas = new Canvas(image);
    for (Dot dot : dots(image.width(), image.height())) {
      int px = Math.clamp((long) Math.floor(dot.x), 0, image.width() - 1);
      int py = Math.clamp((long) Math.floor(dot.y), 0, image.height() - 1);
      Rgb ink = clean.brightness(px, py) >= BRIGHT ? Rgb.BLACK : Rgb.WHITE;
      canvas.paint(
          (x, y) -> (x - dot.x) * (x - dot.x) + (y - dot.y) * (y - dot.y) <= reach * reach,
          new Region.Box(dot.x, dot.y, dot.x, dot.y).grown(reach, reach),
          ink,
          1);
      if (letters > 0) {
        String name = "(%d,%d)".formatted(dot.row, dot.column);
        Glyphs.write(canvas, name, dot.x + 3, dot.y, letters, ink, 1);
      }
    }
    return canvas.image();
  }
}
