package dev.lynceus.report;

import static dev.lynceus.report.HeatMap.label;

import dev.lynceus.method.Explanation.Word;
import dev.lynceus.method.NeuronComparison;
import dev.lynceus.method.NeuronComparison.Change;
import dev.lynceus.method.Spoken;
import dev.lynceus.report.Drawing.Anchor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Neurons that differ most between two runs: what each brings in the one and in the other.
public final class NeuronFigure {
  private static final String HERE = "#d9822b";
  private static final String THERE = "#3b6ea8";
  private static final String RULE = "#c4cad3";
  private static final int LEFT = 90;
  private static final int TOP = 86;
  private static final int WIDTH = 420;
  private static final int LINE = 19;
  private static final double DOT = 8;

  private NeuronFigure() {}

  /// A stand-alone SVG document.
  ///
  /// @param target the word
  /// @param compared with what, for example `without head 1.2`
  public static String svg(String target, String compared, List<Change> neurons) {
    return SvgWriter.write(drawing(target, compared, neurons));
  }

  static Drawing drawing(String target, String compared, List<Change> neurons) {
    double low = 0;
    double high = 1e-6;
    for (Change change : neurons) {
      low = Math.min(low, Math.min(change.increase(), change.otherIncrease()));
      high = Math.max(high, Math.max(change.increase(), change.otherIncrease()));
    }
    double span = high - low;
    double least = low;
    List<Drawing.Shape> shapes = new ArrayList<>();
    shapes.add(label(12, 22, "neurons that raise \u201c" + target + "\u201d", 13, Anchor.START));
    shapes.add(label(12, 42, "log increase of each neuron, in nats", 11, Anchor.START));
    shapes.add(new Drawing.Box(12, 54, DOT, DOT, HERE, ""));
    shapes.add(label(26, 62, "here", 11, Anchor.START));
    shapes.add(new Drawing.Box(72, 54, DOT, DOT, THERE, ""));
    shapes.add(label(86, 62, compared, 11, Anchor.START));
    int bottom = TOP + neurons.size() * LINE;
    double zero = LEFT + (0 - least) / span * WIDTH;
    shapes.add(new Drawing.Line(zero, TOP - 6, zero, bottom, RULE));
    for (int i = 0; i < neurons.size(); i++) {
      Change change = neurons.get(i);
      double y = TOP + (i + 0.5) * LINE;
      double a = LEFT + (change.increase() - least) / span * WIDTH;
      double b = LEFT + (change.otherIncrease() - least) / span * WIDTH;
      shapes.add(new Drawing.Line(Math.min(a, b), y, Math.max(a, b), y, RULE));
      dot(shapes, b, y, THERE, compared, change.otherIncrease(), change.otherCoefficient());
      dot(shapes, a, y, HERE, "here", change.increase(), change.coefficient());
      shapes.add(label(LEFT - 12, y + 4, change.layer() + "." + change.index(), 11, Anchor.END));
      String words =
          change.raises().stream()
              .map(Word::text)
              .map(String::strip)
              .collect(Collectors.joining(", "));
      shapes.add(label(LEFT + WIDTH + 24, y + 4, words, 11, Anchor.START));
    }
    shapes.add(label(zero, bottom + 16, "0", 10, Anchor.MIDDLE));
    shapes.add(label(LEFT + WIDTH, bottom + 16, HeatMap.number(high), 10, Anchor.MIDDLE));
    shapes.add(label(LEFT + WIDTH + 24, TOP - 12, "raises", 10, Anchor.START));
    return new Drawing(
            "neurons \u00b7 Lynceus", LEFT + WIDTH + 380, bottom + 30, HeatMap.PAPER, shapes)
        .under(NeuronComparison.conclusion(neurons, target, compared));
  }

  private static void dot(
      List<Drawing.Shape> shapes,
      double x,
      double y,
      String fill,
      String which,
      double increase,
      double coefficient) {
    shapes.add(
        new Drawing.Box(
            x - DOT / 2,
            y - DOT / 2,
            DOT,
            DOT,
            fill,
            "%s: %s, coefficient %s"
                .formatted(which, Spoken.signed(increase), Spoken.signed(coefficient))));
  }
}
