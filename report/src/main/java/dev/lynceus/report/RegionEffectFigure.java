package dev.lynceus.report;

import static dev.lynceus.report.Drawing.label;

import dev.lynceus.method.causal.RegionEffect;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// Necessity and sufficiency of a region on one axis of nats, each with its interval, beside the
/// random regions that it is held against.
public final class RegionEffectFigure {
  private static final int WIDTH = 640;
  private static final int LEFT = 130;
  private static final int PLOT = 440;
  private static final int TOP = 70;
  private static final int STEP = 74;
  private static final String INK = "#23272f";
  private static final String FAINT = "#6b7280";
  private static final String RULE = "#e0dcd2";
  private static final String OWN = "#b8511a";
  private static final String RANDOM = "#9aa3af";

  private RegionEffectFigure() {}

  /// A stand-alone SVG document.
  ///
  /// @param conclusion what it shows; may be empty
  public static String svg(RegionEffect.Result found, String conclusion) {
    return SvgWriter.write(drawing(found, conclusion));
  }

  /// The axis.
  private record Axis(double low, double high) {
    double x(double value) {
      return LEFT + (value - low) / (high - low) * PLOT;
    }
  }

  static Drawing drawing(RegionEffect.Result found, String conclusion) {
    double low = Math.min(0, least(found, false));
    double high = Math.max(found.brings(), least(found, true));
    Axis axis = new Axis(low, high > low ? high : low + 1);
    List<Drawing.Shape> shapes = new ArrayList<>();
    shapes.add(label(14, 24, "A region of the picture", 14, INK));
    shapes.add(
        label(
            14,
            44,
            "nats; bars are 95 % intervals, grey marks are random regions: " + found.how(),
            11,
            FAINT));
    int bottom = TOP + 2 * STEP;
    shapes.add(new Drawing.Line(axis.x(0), TOP, axis.x(0), bottom, RULE));
    shapes.add(new Drawing.Line(axis.x(found.brings()), TOP, axis.x(found.brings()), bottom, RULE));
    row(shapes, axis, 0, "necessity", found, found.necessity(), RegionEffect.Control::necessity);
    row(
        shapes,
        axis,
        1,
        "sufficiency",
        found,
        found.sufficiency(),
        RegionEffect.Control::sufficiency);
    shapes.add(new Drawing.Label(axis.x(0), bottom + 16, "0", 11, FAINT, Drawing.Anchor.MIDDLE));
    shapes.add(
        new Drawing.Label(
            axis.x(found.brings()),
            bottom + 16,
            "the whole picture, " + number(found.brings()),
            11,
            FAINT,
            Drawing.Anchor.MIDDLE));
    return new Drawing("Region · Lynceus", WIDTH, bottom + 32, "#ffffff", shapes).under(conclusion);
  }

  private static void row(
      List<Drawing.Shape> shapes,
      Axis axis,
      int row,
      String name,
      RegionEffect.Result found,
      RegionEffect.Effect effect,
      ToDoubleFunction<RegionEffect.Control> of) {
    double y = TOP + row * STEP + 24;
    shapes.add(new Drawing.Label(LEFT - 14, y + 4, name, 12, INK, Drawing.Anchor.END));
    for (RegionEffect.Control control : found.controls()) {
      double value = of.applyAsDouble(control);
      shapes.add(
          new Drawing.Box(
              axis.x(value) - 1, y + 14, 2, 12, RANDOM, "random: " + number(value) + " nats"));
    }
    RegionEffect.Mean region = effect.region();
    double left = axis.x(region.low());
    shapes.add(
        new Drawing.Box(left, y - 1.5, Math.max(1, axis.x(region.high()) - left), 3, OWN, ""));
    shapes.add(
        new Drawing.Box(
            axis.x(region.value()) - 4,
            y - 4,
            8,
            8,
            OWN,
            "region: " + number(region.value()) + " nats"));
    shapes.add(
        new Drawing.Label(
            axis.x(region.value()),
            y - 10,
            number(region.value())
                + (effect.p().isPresent()
                    ? String.format(Locale.ROOT, ", p %.3f", effect.p().getAsDouble())
                    : ""),
            11,
            OWN,
            Drawing.Anchor.MIDDLE));
  }

  private static double least(RegionEffect.Result found, boolean most) {
    List<Double> all = new ArrayList<>();
    for (RegionEffect.Effect effect : List.of(found.necessity(), found.sufficiency())) {
      all.add(most ? effect.region().high() : effect.region().low());
    }
    found
        .controls()
        .forEach(control -> {
          all.add(control.necessity());
          all.add(control.sufficiency());
        });
    return most
        ? all.stream().mapToDouble(one -> one).max().orElse(1)
        : all.stream().mapToDouble(one -> one).min().orElse(0);
  }

  private static String number(double value) {
    String text = String.format(Locale.ROOT, "%.2f", value);
    return text.equals("-0.00") ? "0.00" : text;
  }
}
