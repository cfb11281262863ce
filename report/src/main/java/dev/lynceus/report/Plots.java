package dev.lynceus.report;

import dev.lynceus.method.Spoken;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.stream.DoubleStream;

/// Charts for a [StaticPage], as SVG elements that take their colours from the page, so that they
/// are right on light and dark ground. Every text is escaped.
public final class Plots {
  private static final int WIDTH = 350;
  private static final int HEIGHT = 250;
  private static final int LEFT = 52;
  private static final int RIGHT = 14;
  private static final int TOP = 12;
  private static final int BOTTOM = 46;

  private Plots() {}

  /// Values over some steps, with intervals.
  ///
  /// @param values one for each step; NaN leaves a gap
  /// @param low lower ends of the intervals
  /// @param high upper ends
  public record Series(String name, double[] values, double[] low, double[] high) {}

  /// A point of a scatter plot.
  ///
  /// @param hint what a reader sees who points at it
  /// @param marked whether it stands out and is labelled with `label`
  public record Dot(double x, double y, String label, String hint, boolean marked) {}

  /// Series over evenly spaced steps, from 0 to 1.
  ///
  /// @param steps what stands below each step
  /// @param xLabel what the steps are
  /// @param yLabel what the values are
  public static StaticPage.Chart lines(
      String title, List<String> steps, String xLabel, String yLabel, List<Series> series) {
    StringBuilder svg = open(title);
    for (int i = 0; i <= 4; i++) {
      double y = y(i / 4.0);
      rule(svg, LEFT, y, (double) WIDTH - RIGHT, y);
      text(svg, LEFT - 7, y + 4, "end", plain(i / 4.0));
    }
    for (int i = 0; i < steps.size(); i++) {
      text(svg, x(i, steps.size()), HEIGHT - BOTTOM + 18, "middle", steps.get(i));
    }
    for (int s = 0; s < series.size(); s++) {
      line(svg, series.get(s), s, steps.size());
    }
    labels(svg, xLabel, yLabel);
    return new StaticPage.Chart(
        title, series.stream().map(Series::name).toList(), svg.append("</svg>").toString());
  }

  private static void line(StringBuilder svg, Series series, int colour, int steps) {
    StringBuilder path = new StringBuilder();
    StringBuilder marks = new StringBuilder();
    boolean open = true;
    for (int i = 0; i < series.values().length; i++) {
      double value = series.values()[i];
      if (Double.isNaN(value)) {
        open = true;
        continue;
      }
      // Side by side, so that intervals do not hide each other.
      double x = x(i, steps) + (colour - 1.5) * 2.5;
      path.append(open ? 'M' : 'L').append(pair(x, y(value)));
      open = false;
      marks.append(
          format(
              "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>",
              x, x, y(series.low()[i]), y(series.high()[i])));
      marks.append(
          format(
              "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.2\"><title>%s: %s [%s, %s]</title></circle>",
              x,
              y(value),
              Escape.html(series.name()),
              plain(value),
              plain(series.low()[i]),
              plain(series.high()[i])));
    }
    svg.append(format("<g class=\"series s%d\"><path d=\"%s\"/>", colour, path));
    svg.append(marks).append("</g>");
  }

  /// Two values of many things against each other, with the line on which both are equal. Of names
  /// that would overlap, that of the later dot is shown.
  public static StaticPage.Chart scatter(
      String title, String xLabel, String yLabel, List<Dot> dots) {
    double[] all = dots.stream().flatMapToDouble(d -> DoubleStream.of(d.x(), d.y())).toArray();
    double low = Math.min(0, Arrays.stream(all).min().orElse(0));
    double high = Math.max(1e-9, Arrays.stream(all).max().orElse(1));
    double margin = (high - low) * .06;
    low -= margin;
    high += margin;
    StringBuilder svg = open(title);
    for (double tick : ticks(low, high)) {
      double x = across((tick - low) / (high - low));
      double y = y((tick - low) / (high - low));
      rule(svg, x, TOP, x, (double) HEIGHT - BOTTOM);
      rule(svg, LEFT, y, (double) WIDTH - RIGHT, y);
      text(svg, x, HEIGHT - BOTTOM + 18, "middle", plain(tick));
      text(svg, LEFT - 7, y + 4, "end", plain(tick));
    }
    svg.append(
        format(
            "<line class=\"identity\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
            across(0), y(0), across(1), y(1)));
    List<double[]> named = new ArrayList<>();
    for (Dot dot : dots.reversed()) {
      double x = across((dot.x() - low) / (high - low));
      double y = y((dot.y() - low) / (high - low));
      svg.append(
          format(
              "<circle class=\"dot%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%s\"><title>%s</title></circle>",
              dot.marked() ? " marked" : "",
              x,
              y,
              dot.marked() ? "4.2" : "3",
              Escape.html(dot.hint())));
      // Two names in one place could not be read; the hints have them all.
      boolean free = named.stream().noneMatch(n -> Math.hypot((n[0] - x) / 2, n[1] - y) < 12);
      if (dot.marked() && free) {
        named.add(new double[] {x, y});
        boolean right = x < WIDTH - 60;
        text(svg, right ? x + 7 : x - 7, y + 4, right ? "start" : "end", dot.label());
      }
    }
    labels(svg, xLabel, yLabel);
    return new StaticPage.Chart(title, List.of(), svg.append("</svg>").toString());
  }

  /// A value of each head: layers across, heads down; orange above zero, blue below.
  ///
  /// @param values `[layers][heads]`
  /// @param scale the value that has the fullest colour
  public static StaticPage.Chart heads(String title, double[][] values, double scale) {
    int layers = values.length;
    int heads = layers == 0 ? 0 : values[0].length;
    int cell = Math.clamp(250L / Math.max(1, Math.max(layers, heads)), 8, 34);
    int left = 34;
    StringBuilder svg = new StringBuilder();
    int width = left + layers * cell + 8;
    int height = heads * cell + 40;
    svg.append(
        format(
            "<svg viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\" aria-label=\"%s\">",
            width, height, width, height, Escape.html(title)));
    for (int l = 0; l < layers; l++) {
      for (int h = 0; h < heads; h++) {
        double t = Math.clamp(.5 + .5 * values[l][h] / scale, 0, 1);
        svg.append(
            format(
                "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"3\""
                    + " style=\"fill:light-dark(%s,%s)\"><title>%s: %s</title></rect>%s",
                left + l * cell,
                h * cell,
                cell - 2,
                cell - 2,
                ColourScale.DIVERGING_LIGHT.hex(t),
                ColourScale.DIVERGING_DARK.hex(t),
                Spoken.head(l, h),
                Spoken.signed(values[l][h]),
                slash(left + l * cell, h * cell, cell - 2, values[l][h] / scale)));
      }
    }
    for (int h = 0; h < heads; h++) {
      text(svg, left - 7, (h + .5) * cell + 3, "end", Integer.toString(h));
    }
    for (int l = 0; l < layers; l++) {
      text(svg, left + (l + .5) * cell, heads * cell + 13, "middle", Integer.toString(l));
    }
    text(svg, left + layers * cell / 2.0, heads * cell + 32, "middle", "layer");
    return new StaticPage.Chart(title, List.of(), svg.append("</svg>").toString());
  }

  /// A value of each row and column, written into its box: orange above zero, blue below.
  ///
  /// @param axis what the rows are
  /// @param values `[rows][columns]`; NaN is left empty
  /// @param scale the value that has the fullest colour
  /// @param said how a box says its value
  public static StaticPage.Chart grid(
      String title,
      String axis,
      List<String> rows,
      List<String> columns,
      double[][] values,
      double scale,
      DoubleFunction<String> said) {
    int wide = 52;
    int high = 24;
    // Names have room, numbers of layers a little.
    int left = Math.max(34, 7 * rows.stream().mapToInt(String::length).max().orElse(0) + 8);
    int top = 22;
    int width = left + columns.size() * wide + 4;
    int height = top + rows.size() * high + 4;
    StringBuilder svg =
        new StringBuilder(
            format(
                "<svg viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\""
                    + " aria-label=\"%s\">",
                width, height, width, height, Escape.html(title)));
    text(svg, left - 7, 14, "end", axis);
    for (int c = 0; c < columns.size(); c++) {
      text(svg, left + (c + .5) * wide, 14, "middle", columns.get(c));
    }
    for (int r = 0; r < rows.size(); r++) {
      text(svg, left - 7, top + (r + .5) * high + 4, "end", rows.get(r));
      for (int c = 0; c < columns.size(); c++) {
        double value = values[r][c];
        if (Double.isNaN(value)) {
          continue;
        }
        double t = Math.clamp(.5 + .5 * value / scale, 0, 1);
        int x = left + c * wide;
        int y = top + r * high;
        // Words on the fullest colours would not be read in the colour of the page.
        String ink = Math.abs(value / scale) > .62 ? "light-dark(#ffffff,#101418)" : "currentColor";
        svg.append(
            format(
                "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"3\""
                    + " style=\"fill:light-dark(%s,%s)\"><title>%s %s, %s: %s</title></rect>"
                    + "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\" style=\"fill:%s\">%s</text>",
                x,
                y,
                wide - 2,
                high - 2,
                ColourScale.DIVERGING_LIGHT.hex(t),
                ColourScale.DIVERGING_DARK.hex(t),
                Escape.html(axis),
                Escape.html(rows.get(r)),
                Escape.html(columns.get(c)),
                said.apply(value),
                x + wide / 2.0 - 1,
                y + high / 2.0 + 3,
                ink,
                said.apply(value)));
      }
    }
    return new StaticPage.Chart(title, List.of(), svg.append("</svg>").toString());
  }

  /// How far each thing agrees with each other one, -1 to 1: orange where they agree, blue where
  /// they contradict.
  ///
  /// @param values `[names][names]`; NaN is left empty
  public static StaticPage.Chart agreement(String title, List<String> names, double[][] values) {
    int cell = 26;
    int left = 24 + 7 * names.stream().mapToInt(String::length).max().orElse(0);
    int width = left + names.size() * cell + 8;
    int height = left + names.size() * cell;
    StringBuilder svg =
        new StringBuilder(
            format(
                "<svg viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\""
                    + " aria-label=\"%s\">",
                width, height, width, height, Escape.html(title)));
    for (int r = 0; r < values.length; r++) {
      double middle = left + (r + .5) * cell;
      text(svg, left - 7, middle + 4, "end", names.get(r));
      svg.append(
          format(
              "<text transform=\"translate(%.1f %d) rotate(-90)\">%s</text>",
              middle + 4, left - 7, Escape.html(names.get(r))));
      for (int c = 0; c < values[r].length; c++) {
        if (Double.isNaN(values[r][c])) {
          continue;
        }
        double t = Math.clamp(.5 + .5 * values[r][c], 0, 1);
        svg.append(
            format(
                "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"3\""
                    + " style=\"fill:light-dark(%s,%s)\"><title>%s and %s: %s</title></rect>%s",
                left + c * cell,
                left + r * cell,
                cell - 2,
                cell - 2,
                ColourScale.DIVERGING_LIGHT.hex(t),
                ColourScale.DIVERGING_DARK.hex(t),
                Escape.html(names.get(r)),
                Escape.html(names.get(c)),
                Spoken.signed(values[r][c]),
                slash(left + c * cell, left + r * cell, cell - 2, values[r][c])));
      }
    }
    return new StaticPage.Chart(title, List.of(), svg.append("</svg>").toString());
  }

  /// A line through a box whose value is below zero: the sign is seen in grey.
  private static String slash(int x, int y, int side, double part) {
    return part > -MapRaster.FAINT || side < 7
        ? ""
        : format(
            "<path class=\"negative\" d=\"M%d %dL%d %d\"/>",
            x + 2, y + side - 2, x + side - 2, y + 2);
  }

  private static StringBuilder open(String title) {
    return new StringBuilder(
        format(
            "<svg class=\"plot\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\""
                + " aria-label=\"%s\">",
            WIDTH, HEIGHT, WIDTH, HEIGHT, Escape.html(title)));
  }

  private static void labels(StringBuilder svg, String x, String y) {
    text(svg, (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 8, "middle", x);
    double middle = (TOP + HEIGHT - BOTTOM) / 2.0;
    svg.append(
        format(
            "<text x=\"12\" y=\"%.1f\" text-anchor=\"middle\" transform=\"rotate(-90 12 %.1f)\">%s</text>",
            middle, middle, Escape.html(y)));
  }

  private static void rule(StringBuilder svg, double x1, double y1, double x2, double y2) {
    svg.append(
        format(
            "<line class=\"rule\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
            x1, y1, x2, y2));
  }

  private static void text(StringBuilder svg, double x, double y, String anchor, String text) {
    svg.append(
        format(
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
            x, y, anchor, Escape.html(text)));
  }

  private static double x(int step, int steps) {
    return across((step + .5) / steps);
  }

  private static double across(double part) {
    return LEFT + part * (WIDTH - LEFT - RIGHT);
  }

  private static double y(double part) {
    return HEIGHT - BOTTOM - part * (HEIGHT - BOTTOM - TOP);
  }

  /// Round numbers between two ends, four or so.
  private static double[] ticks(double low, double high) {
    double rough = (high - low) / 4;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double step = power;
    for (double factor : new double[] {2, 5, 10}) {
      step = step < rough * .75 ? factor * power : step;
    }
    double each = step;
    return DoubleStream.iterate(Math.ceil(low / each) * each, v -> v <= high, v -> v + each)
        .map(v -> Math.round(v / each) * each)
        .toArray();
  }

  private static String plain(double value) {
    String text = Spoken.number(value);
    String shorter = text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
    return shorter.equals("-0") ? "0" : shorter;
  }

  private static String pair(double x, double y) {
    return format("%.1f,%.1f", x, y);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
