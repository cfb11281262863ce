package dev.lynceus.report;

import static dev.lynceus.report.Drawing.label;

import dev.lynceus.method.causal.Measures.Metric;
import dev.lynceus.method.causal.Steering;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/// What a direction does to a token, strength by strength, with what random directions do.
public final class SteeringFigure {
  private static final int WIDTH = 620;
  private static final int HEIGHT = 360;
  private static final int LEFT = 64;
  private static final int RIGHT = 20;
  private static final int TOP = 74;
  private static final int BOTTOM = 52;
  private static final String INK = "#23272f";
  private static final String FAINT = "#6b7280";
  private static final String RULE = "#e0dcd2";
  private static final String OWN = "#b8511a";
  private static final String RANDOM = "#9aa3af";

  private SteeringFigure() {}

  /// A stand-alone SVG document.
  ///
  /// @param conclusion what it shows; may be empty
  public static String svg(Steering.Result found, Metric metric, String conclusion) {
    return SvgWriter.write(drawing(found, metric, conclusion));
  }

  static Drawing drawing(Steering.Result found, Metric metric, String conclusion) {
    double[] strengths =
        found.steps().stream().mapToDouble(Steering.Step::strength).sorted().toArray();
    double[] values =
        found.steps().stream()
            .flatMap(step -> Stream.concat(Stream.of(step.steered()), step.randoms().stream()))
            .mapToDouble(measures -> measures.of(metric))
            .toArray();
    Axis x = Axis.of(strengths);
    Axis y = Axis.of(values);
    List<Drawing.Shape> shapes = new ArrayList<>();
    shapes.add(label(14, 24, found.what(), 14, INK));
    shapes.add(
        label(14, 44, "added at %s, %s".formatted(found.point(), found.positions()), 11, FAINT));
    shapes.add(label(LEFT, 64, "the direction", 11, OWN));
    shapes.add(label(LEFT + 90, 64, "random directions of its length", 11, FAINT));
    for (int i = 0; i <= 4; i++) {
      double value = y.low + (y.high - y.low) * i / 4;
      double at = y(y, value);
      shapes.add(new Drawing.Line(LEFT, at, WIDTH - RIGHT, at, RULE));
      shapes.add(new Drawing.Label(LEFT - 8, at + 4, number(value), 11, FAINT, Drawing.Anchor.END));
    }
    for (double strength : strengths) {
      shapes.add(
          new Drawing.Label(
              x(x, strength),
              HEIGHT - BOTTOM + 18,
              number(strength),
              11,
              FAINT,
              Drawing.Anchor.MIDDLE));
    }
    shapes.add(
        new Drawing.Label(
            (LEFT + WIDTH - RIGHT) / 2.0,
            HEIGHT - 12,
            "strength; up: " + metric.label(),
            11,
            FAINT,
            Drawing.Anchor.MIDDLE));
    int randoms = found.steps().getFirst().randoms().size();
    for (int r = -1; r < randoms; r++) {
      // The direction itself is painted last, over the others.
      int which = r + 1 < randoms ? r + 1 : -1;
      line(shapes, found, metric, which, x, y);
    }
    return new Drawing("Steering · Lynceus", WIDTH, HEIGHT, "#ffffff", shapes).under(conclusion);
  }

  private static void line(
      List<Drawing.Shape> shapes, Steering.Result found, Metric metric, int which, Axis x, Axis y) {
    String colour = which < 0 ? OWN : RANDOM;
    List<Steering.Step> steps =
        found.steps().stream()
            .sorted(java.util.Comparator.comparingDouble(Steering.Step::strength))
            .toList();
    double lastX = Double.NaN;
    double lastY = Double.NaN;
    for (Steering.Step step : steps) {
      double value = (which < 0 ? step.steered() : step.randoms().get(which)).of(metric);
      double atX = x(x, step.strength());
      double atY = y(y, value);
      if (!Double.isNaN(lastX)) {
        shapes.add(new Drawing.Line(lastX, lastY, atX, atY, colour));
      }
      double half = which < 0 ? 3.5 : 1.5;
      shapes.add(
          new Drawing.Box(
              atX - half,
              atY - half,
              2 * half,
              2 * half,
              colour,
              (which < 0 ? step.answer() : "random") + ": " + number(value)));
      lastX = atX;
      lastY = atY;
    }
  }

  /// From the least to the largest of some values.
  private record Axis(double low, double high) {
    static Axis of(double... values) {
      double low = DoubleStream.of(values).min().orElse(0);
      double high = DoubleStream.of(values).max().orElse(1);
      return high > low ? new Axis(low, high) : new Axis(low - .5, high + .5);
    }
  }

  private static double x(Axis axis, double value) {
    return LEFT + 10 + (value - axis.low) / (axis.high - axis.low) * (WIDTH - LEFT - RIGHT - 20);
  }

  private static double y(Axis axis, double value) {
    return HEIGHT - BOTTOM - (value - axis.low) / (axis.high - axis.low) * (HEIGHT - BOTTOM - TOP);
  }

  private static String number(double value) {
    String text = String.format(Locale.ROOT, "%.2f", value);
    return text.equals("-0.00") ? "0.00" : text;
  }
}
