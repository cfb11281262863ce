package dev.lynceus.report;

import static dev.lynceus.report.Drawing.label;

import dev.lynceus.method.Explanation;
import dev.lynceus.method.Spoken;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/// The charts of one explained word, light and printable.
final class Charts {
  static final String ATTENTION = "#c2571a";
  static final String FEED_FORWARD = "#2f6fb3";
  private static final String INK = "#23272f";
  private static final String FAINT = "#8a919c";
  private static final String PAPER = "#ffffff";
  private static final int LEFT = 46;
  private static final int TOP = 34;
  private static final int BARS = 220;
  private static final int KEY = 240;

  private Charts() {}

  /// Heads down, layers across: the log increase of each head alone.
  static Drawing headMap(Explanation.WordExplanation word) {
    double[][] heads = word.heads();
    int layers = heads.length;
    int count = layers == 0 ? 0 : heads[0].length;
    int cell = Math.clamp(720 / Math.max(1, Math.max(layers, count)), 10, 40);
    ValueRange range = ValueRange.of(true, flat(heads));
    List<Drawing.Shape> shapes = new ArrayList<>();
    shapes.add(
        label(
            LEFT,
            20,
            "Log increase of each head alone, nats: " + word.target().text().strip(),
            13,
            INK));
    for (int l = 0; l < layers; l++) {
      for (int h = 0; h < count; h++) {
        double v = heads[l][h];
        String fill = ColourScale.DIVERGING_LIGHT.hex(Double.isFinite(v) ? range.fraction(v) : 0.5);
        String hint = Spoken.head(l, h) + ": " + Spoken.signed(v);
        shapes.add(
            new Drawing.Box(LEFT + l * cell, TOP + h * cell, cell - 0.5, cell - 0.5, fill, hint));
        Legend.Hatch.add(shapes, LEFT + l * cell, TOP + h * cell, cell - 0.5, cell - 0.5, v, range);
      }
    }
    int every = cell >= 18 ? 1 : 4;
    for (int l = 0; l < layers; l += every) {
      double x = LEFT + (l + 0.5) * cell;
      shapes.add(middle(x, TOP + count * cell + 14, Integer.toString(l)));
    }
    for (int h = 0; h < count; h += every) {
      shapes.add(end(LEFT - 6, TOP + (h + 0.5) * cell + 4, Integer.toString(h)));
    }
    int bottom = TOP + count * cell;
    shapes.add(middle(LEFT + layers * cell / 2.0, bottom + 30, "layer"));
    Legend.add(shapes, LEFT, bottom + 42, KEY, ColourScale.DIVERGING_LIGHT, range, "");
    int width = LEFT + Math.max(layers * cell, KEY) + 40;
    return new Drawing(
        "Head map of " + word.target().text().strip(),
        width,
        bottom + 50 + Legend.HEIGHT,
        PAPER,
        shapes);
  }

  /// For every layer two bars: attention, then feed-forward; upwards raises the word's log
  /// probability.
  static Drawing layerBars(Explanation.WordExplanation word) {
    double[] attention = word.attention();
    double[] feedForward = word.feedForward();
    int layers = attention.length;
    int slot = Math.clamp(720 / Math.max(1, layers), 20, 64);
    double high =
        DoubleStream.concat(Arrays.stream(attention), Arrays.stream(feedForward))
            .filter(Double::isFinite)
            .reduce(0, Math::max);
    double low =
        DoubleStream.concat(Arrays.stream(attention), Arrays.stream(feedForward))
            .filter(Double::isFinite)
            .reduce(0, Math::min);
    double perPixel = high == low ? 1 : (high - low) / BARS;
    double zero = TOP + 16 + high / perPixel;
    List<Drawing.Shape> shapes = new ArrayList<>();
    shapes.add(
        label(
            LEFT,
            20,
            "Log increase of each layer, nats: " + word.target().text().strip(),
            13,
            INK));
    shapes.add(label(LEFT, TOP + 4, "attention", 11, ATTENTION));
    shapes.add(label(LEFT + 64, TOP + 4, "feed-forward", 11, FEED_FORWARD));
    double width = slot * 0.4;
    for (int l = 0; l < layers; l++) {
      double x = LEFT + l * slot + slot * 0.08;
      shapes.add(column(x, width, zero, attention[l] / perPixel, ATTENTION, l, "attention"));
      shapes.add(
          column(
              x + width, width, zero, feedForward[l] / perPixel, FEED_FORWARD, l, "feed-forward"));
      if (slot >= 26 || l % 4 == 0) {
        shapes.add(middle(LEFT + (l + 0.5) * slot, TOP + BARS + 34, Integer.toString(l)));
      }
    }
    double right = LEFT + layers * slot;
    shapes.add(new Drawing.Line(LEFT, zero, right, zero, FAINT));
    shapes.add(end(LEFT - 6, zero + 4, "0"));
    if (high > 0) {
      shapes.add(end(LEFT - 6, zero - high / perPixel + 4, number(high)));
    }
    if (low < 0) {
      shapes.add(end(LEFT - 6, zero - low / perPixel + 4, number(low)));
    }
    shapes.add(middle((LEFT + right) / 2, TOP + BARS + 50, "layer"));
    int whole = Math.max((int) right + 20, 320);
    return new Drawing(
        "Layer increases of " + word.target().text().strip(),
        whole,
        TOP + BARS + 62,
        PAPER,
        shapes);
  }

  private static Drawing.Box column(
      double x, double width, double zero, double height, String fill, int layer, String part) {
    double h = Double.isFinite(height) ? height : 0;
    return new Drawing.Box(
        x, h > 0 ? zero - h : zero, width, Math.abs(h), fill, part + " of layer " + layer);
  }

  private static double[] flat(double[][] rows) {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
  }

  private static String number(double v) {
    return Spoken.signed(v);
  }

  private static Drawing.Label middle(double x, double y, String text) {
    return new Drawing.Label(x, y, text, 11, FAINT, Drawing.Anchor.MIDDLE);
  }

  private static Drawing.Label end(double x, double y, String text) {
    return new Drawing.Label(x, y, text, 11, FAINT, Drawing.Anchor.END);
  }
}
