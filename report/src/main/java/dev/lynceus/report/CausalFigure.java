package dev.lynceus.report;

import dev.lynceus.method.causal.CausalMap;
import dev.lynceus.method.causal.Measures.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// A causal map as a heat map: one box for each changed run, blue where the number fell, orange
/// where it rose.
public final class CausalFigure {
  private static final String INK = "#23272f";
  private static final String PAPER = "#ffffff";
  private static final int LEFT = 96;
  private static final int TOP = 62;
  private static final int WIDEST = 960;

  /// Columns that have room for a name each.
  private static final int NAMED = 6;

  private CausalFigure() {}

  /// The map of a metric as a stand-alone SVG document: the normalised effect where states of
  /// another run were put in, else the change.
  public static String svg(CausalMap map, Metric metric) {
    return SvgWriter.write(drawing(map, metric));
  }

  static Drawing drawing(CausalMap map, Metric metric) {
    double[][] values = map.effects(metric);
    int columns = map.columns().size();
    int cell = Math.clamp(WIDEST / Math.max(1, columns), 4, columns <= NAMED ? 110 : 28);
    int height = Math.clamp(720 / Math.max(1, map.rows().size()), 10, 28);
    ValueRange range =
        ValueRange.of(true, Arrays.stream(values).flatMapToDouble(Arrays::stream).toArray());
    String number =
        map.other().isPresent()
            ? "normalised effect on the " + metric.label()
            : "change of the " + metric.label();
    List<Drawing.Shape> shapes = new ArrayList<>();
    shapes.add(label(12, 22, map.method() + ": " + map.what(), 13, Drawing.Anchor.START));
    shapes.add(label(12, 42, number, 11, Drawing.Anchor.START));
    for (int r = 0; r < values.length; r++) {
      for (int c = 0; c < columns; c++) {
        double value = values[r][c];
        double shown = Double.isFinite(value) ? range.fraction(value) : 0.5;
        String hint =
            String.format(
                Locale.ROOT,
                "%s %s, %s %s: %+.4f",
                map.rowAxis(),
                map.rows().get(r),
                map.columnAxis(),
                map.columns().get(c),
                value);
        shapes.add(
            new Drawing.Box(
                LEFT + c * cell,
                TOP + r * height,
                cell - 0.5,
                height - 0.5,
                ColourScale.DIVERGING_LIGHT.hex(shown),
                hint));
      }
    }
    int bottom = TOP + values.length * height;
    for (int r = 0; r < values.length; r++) {
      shapes.add(
          label(LEFT - 6, TOP + (r + 0.5) * height + 4, map.rows().get(r), 10, Drawing.Anchor.END));
    }
    int every = columns <= NAMED ? 1 : Math.max(1, (int) Math.ceil(24.0 / cell));
    for (int c = 0; c < columns; c += every) {
      String name = columns <= NAMED ? map.columns().get(c) : Integer.toString(c);
      shapes.add(label(LEFT + (c + 0.5) * cell, bottom + 14, name, 10, Drawing.Anchor.MIDDLE));
    }
    shapes.add(label(12, TOP - 6, map.rowAxis(), 10, Drawing.Anchor.START));
    shapes.add(label(LEFT, bottom + 32, map.columnAxis(), 10, Drawing.Anchor.START));
    int bar = LEFT + Math.max(columns * cell, 320) + 18;
    int length = Math.max(values.length * height, 80);
    for (int i = 0; i < length; i++) {
      String fill = ColourScale.DIVERGING_LIGHT.hex(1 - i / (double) (length - 1));
      shapes.add(new Drawing.Box(bar, TOP + i, 12, 1.5, fill, ""));
    }
    shapes.add(label(bar + 18, TOP + 9, number(range.high()), 10, Drawing.Anchor.START));
    shapes.add(label(bar + 18, TOP + length / 2.0 + 4, "0", 10, Drawing.Anchor.START));
    shapes.add(label(bar + 18, TOP + length, number(range.low()), 10, Drawing.Anchor.START));
    return new Drawing(
        map.method() + " \u00b7 Lynceus", bar + 80, TOP + length + 44, PAPER, shapes);
  }

  private static Drawing.Label label(
      double x, double y, String text, int size, Drawing.Anchor anchor) {
    return new Drawing.Label(x, y, text, size, INK, anchor);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3g", value);
  }
}
