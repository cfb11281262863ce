package dev.lynceus.report;

import static dev.lynceus.report.Drawing.label;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/// What lenses leave at each depth: two bars a depth.
public final class LensFigure {
  private static final int HEIGHT = 320;
  private static final int LEFT = 60;
  private static final int TOP = 70;
  private static final int BOTTOM = 50;
  private static final String INK = "#23272f";
  private static final String FAINT = "#6b7280";
  private static final String LOGIT = "#9aa3af";
  private static final String TUNED = "#b8511a";

  private LensFigure() {}

  /// A stand-alone SVG document.
  ///
  /// @param logit divergence of the logit lens for each depth, nats
  /// @param tuned that of the tuned one
  public static String svg(double[] logit, double[] tuned) {
    return SvgWriter.write(drawing(logit, tuned));
  }

  static Drawing drawing(double[] logit, double[] tuned) {
    int group = Math.clamp(560L / Math.max(1, logit.length), 16, 74);
    int width = LEFT + group * logit.length + 20;
    double most =
        DoubleStream.concat(DoubleStream.of(logit), DoubleStream.of(tuned)).max().orElse(1);
    double scale = (HEIGHT - TOP - BOTTOM) / Math.max(1e-9, most);
    List<Drawing.Shape> shapes = new ArrayList<>();
    shapes.add(label(14, 24, "What a lens leaves, depth by depth", 14, INK));
    shapes.add(label(14, 44, "divergence from the model's next word, nats", 11, FAINT));
    shapes.add(label(LEFT, 62, "logit lens", 11, FAINT));
    shapes.add(label(LEFT + 80, 62, "tuned lens", 11, TUNED));
    for (int i = 0; i <= 4; i++) {
      double value = most * i / 4;
      double y = HEIGHT - BOTTOM - value * scale;
      shapes.add(new Drawing.Line(LEFT, y, width - 12.0, y, "#e0dcd2"));
      shapes.add(new Drawing.Label(LEFT - 8, y + 4, number(value), 11, FAINT, Drawing.Anchor.END));
    }
    for (int depth = 0; depth < logit.length; depth++) {
      double x = LEFT + depth * (double) group;
      bar(shapes, x + group * .14, group * .34, logit[depth], scale, LOGIT);
      bar(shapes, x + group * .52, group * .34, tuned[depth], scale, TUNED);
      if (logit.length <= 16 || depth % 4 == 0) {
        shapes.add(
            new Drawing.Label(
                x + group / 2.0,
                HEIGHT - BOTTOM + 18.0,
                depth == 0 ? "emb." : Integer.toString(depth - 1),
                11,
                FAINT,
                Drawing.Anchor.MIDDLE));
      }
    }
    shapes.add(
        new Drawing.Label(
            (LEFT + width) / 2.0, HEIGHT - 10, "after layer", 11, FAINT, Drawing.Anchor.MIDDLE));
    return new Drawing("Lenses · Lynceus", width, HEIGHT, "#ffffff", shapes);
  }

  private static void bar(
      List<Drawing.Shape> shapes,
      double x,
      double width,
      double value,
      double scale,
      String colour) {
    shapes.add(
        new Drawing.Box(
            x,
            HEIGHT - BOTTOM - value * scale,
            width,
            Math.max(.5, value * scale),
            colour,
            number(value)));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
