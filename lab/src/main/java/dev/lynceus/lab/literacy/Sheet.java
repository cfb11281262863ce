package dev.lynceus.lab.literacy;

import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.literacy.Part.What;
import dev.lynceus.lab.picture.Canvas;
import dev.lynceus.lab.picture.Glyphs;
import dev.lynceus.lab.picture.Region;
import dev.lynceus.lab.picture.Rgb;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A picture on which a chart is drawn, and a list of what was drawn where.
final class Sheet {
  static final Rgb INK = new Rgb(30, 30, 30);
  static final Rgb FAINT = new Rgb(215, 215, 215);
  private static final int GLYPHS_EACH = 160;
  private static final int DARK = 110;

  private final int width;
  private final int height;
  private final Canvas canvas;
  private final List<Part> parts = new ArrayList<>();

  Sheet(int width, int height) {
    this.width = width;
    this.height = height;
    byte[] samples = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
    Arrays.fill(samples, (byte) 255);
    this.canvas = new Canvas(RgbImage.of(width, height, samples));
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  /// Pixels of a square of a letter: letters are sharp.
  int square() {
    return Math.max(1, Math.min(width, height) / GLYPHS_EACH);
  }

  /// Height of a letter.
  int high() {
    return Glyphs.HIGH * square();
  }

  /// Width of a text.
  double wide(String text) {
    return Glyphs.width(text, high());
  }

  void note(What what, int row, int column, Region region) {
    parts.add(new Part(what, row, column, region));
  }

  /// A filled rectangle.
  Region.Box box(double x0, double y0, double x1, double y1, Rgb colour) {
    Region.Box box = new Region.Box(x0, y0, Math.max(x0, x1), Math.max(y0, y1));
    canvas.fill(box, colour);
    return box;
  }

  /// A filled polygon by `x, y, x, y, …`.
  Region.Polygon polygon(List<Double> corners, Rgb colour) {
    Region.Polygon polygon = new Region.Polygon(corners);
    double[] at = corners.stream().mapToDouble(Double::doubleValue).toArray();
    double left = width;
    double right = 0;
    double top = height;
    double bottom = 0;
    for (int i = 0; i < at.length; i += 2) {
      left = Math.min(left, at[i]);
      right = Math.max(right, at[i]);
      top = Math.min(top, at[i + 1]);
      bottom = Math.max(bottom, at[i + 1]);
    }
    canvas.paint(
        (x, y) -> within(at, x, y),
        new Region.Box(Math.min(left, right), Math.min(top, bottom), right, bottom),
        colour,
        1);
    return polygon;
  }

  private static boolean within(double[] at, double x, double y) {
    boolean inside = false;
    for (int i = 0, j = at.length - 2; i < at.length; j = i, i += 2) {
      if (at[i + 1] > y != at[j + 1] > y) {
        inside ^= x < at[i] + (at[j] - at[i]) * (y - at[i + 1]) / (at[j + 1] - at[i + 1]);
      }
    }
    return inside;
  }

  /// A filled disc; what is meant by it is the square around it.
  Region.Box disc(double cx, double cy, double radius, Rgb colour) {
    Region.Box box = new Region.Box(cx - radius, cy - radius, cx + radius, cy + radius);
    canvas.paint(
        (x, y) -> (x - cx) * (x - cx) + (y - cy) * (y - cy) <= radius * radius, box, colour, 1);
    return box;
  }

  /// A straight line.
  void line(double x0, double y0, double x1, double y1, double thick, Rgb colour) {
    if (x0 == x1 || y0 == y1) {
      double across = x0 == x1 ? thick / 2 : 0;
      double down = x0 == x1 ? 0 : thick / 2;
      box(
          Math.min(x0, x1) - across,
          Math.min(y0, y1) - down,
          Math.max(x0, x1) + across,
          Math.max(y0, y1) + down,
          colour);
      return;
    }
    double length = Math.max(1e-9, Math.hypot(x1 - x0, y1 - y0));
    double dx = (y1 - y0) / length * thick / 2;
    double dy = (x1 - x0) / length * thick / 2;
    polygon(
        List.of(x0 + dx, y0 - dy, x1 + dx, y1 - dy, x1 - dx, y1 + dy, x0 - dx, y0 + dy), colour);
  }

  /// Writes a text and tells where.
  Region.Box text(String text, double left, double top, Rgb ink) {
    // Whole pixels keep letters sharp.
    double x = Math.rint(left);
    double y = Math.rint(top);
    Glyphs.write(canvas, text, x, y, high(), ink, 1);
    return new Region.Box(x, y, x + Math.max(1, wide(text)), y + high());
  }

  /// Ink that can be read on a colour.
  static Rgb on(Rgb colour) {
    return (299 * colour.red() + 587 * colour.green() + 114 * colour.blue()) / 1000 < DARK
        ? Rgb.WHITE
        : INK;
  }

  Drawn done() {
    return new Drawn(canvas.image(), parts);
  }
}
