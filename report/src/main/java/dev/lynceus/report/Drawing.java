package dev.lynceus.report;

import java.awt.image.BufferedImage;
import java.util.List;

/// A chart as a list of shapes in pixels, to be written as SVG or painted as PNG.
///
/// @param title what the chart shows; the accessible name of the SVG
/// @param background `#rrggbb`
/// @param shapes in the order of painting
record Drawing(String title, int width, int height, String background, List<Shape> shapes) {

  /// One thing that is drawn.
  sealed interface Shape {}

  /// A filled rectangle. `hint` is what a reader sees who points at it; may be empty.
  record Box(double x, double y, double width, double height, String fill, String hint)
      implements Shape {}

  /// A straight line, one pixel wide.
  record Line(double x1, double y1, double x2, double y2, String stroke) implements Shape {}

  /// A picture, scaled into a rectangle. `hint` as for a box.
  record Picture(double x, double y, double width, double height, BufferedImage image, String hint)
      implements Shape {}

  /// A line of text; `x` is its start, middle or end by `anchor`, `y` its baseline.
  record Label(double x, double y, String text, int size, String fill, Anchor anchor)
      implements Shape {}

  /// Which point of a text is given.
  enum Anchor {
    START,
    MIDDLE,
    END
  }
}
