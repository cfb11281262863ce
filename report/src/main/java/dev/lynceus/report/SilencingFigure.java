package dev.lynceus.report;

import static dev.lynceus.report.Drawing.label;

import dev.lynceus.method.attention.HeadRef;
import dev.lynceus.method.causal.Measures;
import dev.lynceus.method.causal.Measures.Metric;
import dev.lynceus.method.causal.Silencing;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What is left of a word without some heads, beside random heads of the same layers: a line each.
public final class SilencingFigure {
  private static final int WIDTH = 760;
  private static final int TOP = 62;
  private static final int STEP = 24;
  private static final int NAMES = 190;
  private static final int PLOT = 300;
  private static final int LONGEST = 26;
  private static final String INK = "#23272f";
  private static final String FAINT = "#6b7280";
  private static final String RULE = "#e0dcd2";
  private static final String OWN = "#b8511a";
  private static final String RANDOM = "#9aa3af";

  private SilencingFigure() {}

  /// A stand-alone SVG document.
  ///
  /// @param conclusion what it shows; may be empty
  public static String svg(Silencing.Result found, Metric metric, String conclusion) {
    return SvgWriter.write(drawing(found, metric, conclusion));
  }

  /// A line of the figure.
  private record Line(String name, Measures measured, String answer, String colour) {}

  static Drawing drawing(Silencing.Result found, Metric metric, String conclusion) {
    List<Line> lines = new ArrayList<>();
    lines.add(new Line("all heads", found.clean(), found.answer(), INK));
    lines.add(line("without ", found.without(), OWN));
    found.randoms().forEach(random -> lines.add(line("random: ", random, RANDOM)));
    double low = lines.stream().mapToDouble(one -> one.measured.of(metric)).min().orElse(0);
    double high = lines.stream().mapToDouble(one -> one.measured.of(metric)).max().orElse(1);
    double span = high > low ? high - low : 1;
    List<Drawing.Shape> shapes = new ArrayList<>();
    shapes.add(label(14, 24, "Heads silenced together", 14, INK));
    shapes.add(label(14, 44, metric.label() + "; on the right what the model answers", 11, FAINT));
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      double y = TOP + (i + .5) * STEP;
      double x = NAMES + (line.measured.of(metric) - low) / span * PLOT;
      shapes.add(
          new Drawing.Label(
              NAMES - 12, y + 4, shortened(line.name), 11, line.colour, Drawing.Anchor.END));
      shapes.add(new Drawing.Line(NAMES, y, NAMES + (double) PLOT, y, RULE));
      shapes.add(
          new Drawing.Box(
              x - 4,
              y - 4,
              8,
              8,
              line.colour,
              line.name + ": " + number(line.measured.of(metric))));
      shapes.add(
          label(
              NAMES + PLOT + 16,
              (int) (y + 4),
              number(line.measured.of(metric)) + "  " + shortened(line.answer),
              11,
              line.colour));
    }
    return new Drawing(
            "Silence · Lynceus", WIDTH, TOP + STEP * lines.size() + 16, "#ffffff", shapes)
        .under(conclusion);
  }

  private static Line line(String what, Silencing.Without without, String colour) {
    return new Line(
        what + without.heads().stream().map(HeadRef::text).collect(Collectors.joining(", ")),
        without.measured(),
        without.answer(),
        colour);
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
  }

  private static String number(double value) {
    String text = String.format(Locale.ROOT, "%.2f", value);
    return text.equals("-0.00") ? "0.00" : text;
  }
}
