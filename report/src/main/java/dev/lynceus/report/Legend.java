package dev.lynceus.report;

import dev.lynceus.method.Spoken;
import java.util.ArrayList;
import java.util.List;

/// The key of colours: low numbers left, high ones right, in every figure; the part below zero is
/// hatched as it is in the figure.
final class Legend {
  static final int HEIGHT = 30;
  private static final int THICK = 11;

  /// Width of a key by itself, and room for its numbers at both ends.
  private static final int ALONE = 240;

  private static final int MARGIN = 24;
  private static final String FAINT = "#6b7280";

  private Legend() {}

  /// Adds a key whose colours begin at (x, y).
  ///
  /// @param unit what the numbers are; may be empty
  static void add(
      List<Drawing.Shape> shapes,
      double x,
      double y,
      int width,
      ColourScale colours,
      ValueRange range,
      String unit) {
    for (int i = 0; i < width; i++) {
      shapes.add(new Drawing.Box(x + i, y, 1.5, THICK, colours.hex(i / (double) (width - 1)), ""));
    }
    boolean signed = range.low() < 0;
    for (int i = 4; signed && i + 6 < width / 2; i += 8) {
      shapes.add(new Drawing.Line(x + i, y + THICK, x + i + 6, y, Hatch.INK));
    }
    text(shapes, x, y, told(range.low(), signed), Drawing.Anchor.START);
    text(
        shapes,
        x + width / 2.,
        y,
        signed ? "0" : told((range.low() + range.high()) / 2, false),
        Drawing.Anchor.MIDDLE);
    text(shapes, x + width, y, told(range.high(), signed), Drawing.Anchor.END);
    if (!unit.isEmpty()) {
      text(shapes, x + width + 12., y - THICK - 2, unit, Drawing.Anchor.START);
    }
  }

  /// A key by itself, for a page.
  ///
  /// @param unit what the numbers are
  static StaticPage.Chart chart(ColourScale colours, ValueRange range, String unit) {
    List<Drawing.Shape> shapes = new ArrayList<>();
    add(shapes, MARGIN, 2, ALONE, colours, range, "");
    return new StaticPage.Chart(
        unit,
        List.of(),
        SvgWriter.element(new Drawing(unit, ALONE + 2 * MARGIN, HEIGHT, "none", shapes)));
  }

  private static String told(double value, boolean signed) {
    return value == 0 ? "0" : signed ? Spoken.signed(value) : Spoken.number(value);
  }

  private static void text(
      List<Drawing.Shape> shapes, double x, double y, String text, Drawing.Anchor anchor) {
    shapes.add(new Drawing.Label(x, y + THICK + 12, text, 10, FAINT, anchor));
  }

  /// A line through what is below zero: the sign is seen in grey.
  static final class Hatch {
    static final String INK = "#1d3b63";

    /// Boxes smaller than this have no room for a line.
    private static final double LEAST = 7;

    private Hatch() {}

    /// Adds lines over a box, if its value is far enough below zero.
    static void add(
        List<Drawing.Shape> shapes,
        double x,
        double y,
        double width,
        double height,
        double value,
        ValueRange range) {
      if (value > -MapRaster.FAINT * range.high() || Math.min(width, height) < LEAST) {
        return;
      }
      double step = Math.min(width, height);
      for (double at = 0; at + step <= width + .01; at += step) {
        for (double down = 0; down + step <= height + .01; down += step) {
          shapes.add(
              new Drawing.Line(
                  x + at + 1, y + down + step - 1, x + at + step - 1, y + down + 1, INK));
        }
      }
    }
  }
}
