package dev.lynceus.report;

import dev.lynceus.method.Spoken;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Bars that show what speaks for each word, and to the left of the line what speaks against it.
final class ShareBars {
  private static final List<String> ZONES = List.of("image", "question", "generated", "template");
  private static final int WIDTH = 350;
  private static final int LINE = 22;
  private static final int RIGHT = 10;

  private ShareBars() {}

  /// A word and what each zone brings to it, nats.
  // Plain numbers to be drawn; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  record Bar(String word, double[] values) {}

  static StaticPage.Chart of(List<Bar> bars) {
    int left = 30 + 7 * bars.stream().mapToInt(bar -> bar.word().length()).max().orElse(0);
    double most = bars.stream().mapToDouble(bar -> sum(bar, 1)).max().orElse(0);
    double least = bars.stream().mapToDouble(bar -> sum(bar, -1)).min().orElse(0);
    double scale = (WIDTH - left - RIGHT) / Math.max(1e-9, most - least);
    double zero = left - least * scale;
    int height = bars.size() * LINE + 34;
    String title = "What brings each word: log increase by zone, nats";
    StringBuilder svg = new StringBuilder();
    svg.append(
        format(
            "<svg class=\"plot\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\" aria-label=\"%s\">",
            WIDTH, height, WIDTH, height, title));
    for (int i = 0; i < bars.size(); i++) {
      int y = i * LINE;
      svg.append(
          format(
              "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>",
              left - 12, y + 15, Escape.html(bars.get(i).word())));
      draw(svg, bars.get(i), y, zero, scale);
    }
    svg.append(
        format(
            "<line class=\"rule\" x1=\"%.1f\" x2=\"%.1f\" y1=\"0\" y2=\"%d\"/>",
            zero, zero, bars.size() * LINE));
    svg.append(
        format("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">0</text>", zero, height - 16));
    svg.append(
        format(
            "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%.1f</text>",
            WIDTH - RIGHT, height - 16, most));
    return new StaticPage.Chart(title, ZONES, svg.append("</svg>").toString());
  }

  private static void draw(StringBuilder svg, Bar bar, int y, double zero, double scale) {
    double right = zero;
    double left = zero;
    for (int zone = 0; zone < bar.values().length; zone++) {
      double value = bar.values()[zone];
      double wide = Math.abs(value) * scale;
      left = value < 0 ? left - wide : left;
      svg.append(
          format(
              "<rect class=\"s%d\" style=\"fill:var(--series)\" x=\"%.1f\" y=\"%d\" width=\"%.1f\""
                  + " height=\"%d\"><title>%s, %s: %s</title></rect>",
              zone,
              value < 0 ? left : right,
              y + 3,
              wide,
              LINE - 7,
              Escape.html(bar.word()),
              ZONES.get(zone),
              Spoken.signed(value)));
      right = value < 0 ? right : right + wide;
    }
  }

  private static double sum(Bar bar, int sign) {
    return Arrays.stream(bar.values()).filter(v -> v * sign > 0).sum();
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
