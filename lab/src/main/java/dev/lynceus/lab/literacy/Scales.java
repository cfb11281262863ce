package dev.lynceus.lab.literacy;

import dev.lynceus.lab.literacy.Part.What;
import dev.lynceus.lab.picture.Region;
import dev.lynceus.lab.picture.Rgb;
import java.util.ArrayList;
import java.util.List;

/// Draws charts that have a scale upwards, and names or a scale across.
final class Scales {
  private static final int ACROSS = 0;
  private static final int UPWARDS = 1;

  /// Width of a bar, of the room of its row.
  private static final double BAR = .7;

  private final Sheet sheet;
  private final Chart chart;
  private final ChartTable table;
  private final double left;
  private final double right;
  private final double top;
  private final double bottom;

  Scales(Sheet sheet, Chart chart, Region.Box room) {
    this.sheet = sheet;
    this.chart = chart;
    this.table = chart.table();
    int square = sheet.square();
    this.left = Math.rint(room.x0() + sheet.wide(Integer.toString(chart.y().top())) + 3 * square);
    // Half a number hangs over the end of a scale across.
    this.right = Math.rint(room.x1() - (points() ? 6 * square : square));
    this.top = Math.rint(room.y0() + sheet.high() / 2.0);
    this.bottom = Math.rint(room.y1() - sheet.high() - 2 * square);
  }

  private boolean points() {
    return chart.kind() == ChartKind.SCATTER || chart.kind() == ChartKind.BUBBLE;
  }

  void draw() {
    upwards();
    if (points()) {
      across();
    } else if (chart.kind() == ChartKind.HISTOGRAM) {
      edges();
    } else {
      names();
    }
    switch (chart.kind()) {
      case LINE -> line();
      case BAR, STACKED_BAR, STACKED_BAR_100 -> bars(BAR);
      case HISTOGRAM -> bars(.96);
      case AREA, STACKED_AREA -> areas();
      case SCATTER -> dots();
      case BUBBLE -> bubbles();
      case PIE, MAP, TREEMAP -> throw new IllegalArgumentException(chart.kind() + " has no scale");
    }
    sheet.line(left, top, left, bottom, sheet.square(), Sheet.INK);
    sheet.line(left, bottom, right, bottom, sheet.square(), Sheet.INK);
  }

  private double y(double value) {
    return bottom - (bottom - top) * value / chart.y().top();
  }

  private double x(double value) {
    return left + (right - left) * value / chart.x().top();
  }

  private double slot() {
    return (right - left) / table.size();
  }

  private double middle(int row) {
    return left + (row + .5) * slot();
  }

  private void upwards() {
    Axis axis = chart.y();
    for (int tick = 0; tick <= axis.ticks(); tick++) {
      int value = tick * axis.step();
      String text = Integer.toString(value);
      sheet.line(left, y(value), right, y(value), sheet.square() / 2.0, Sheet.FAINT);
      sheet.note(
          What.TICK,
          tick,
          UPWARDS,
          sheet.text(
              text,
              left - 2 * sheet.square() - sheet.wide(text),
              y(value) - sheet.high() / 2.0,
              Sheet.INK));
    }
  }

  private void across() {
    Axis axis = chart.x();
    for (int tick = 0; tick <= axis.ticks(); tick++) {
      int value = tick * axis.step();
      String text = Integer.toString(value);
      sheet.line(x(value), top, x(value), bottom, sheet.square() / 2.0, Sheet.FAINT);
      // The corner has the number of the scale upwards.
      Region.Box box =
          tick == 0
              ? new Region.Box(left, bottom, left + sheet.square(), bottom + sheet.square())
              : sheet.text(
                  text, x(value) - sheet.wide(text) / 2, bottom + 2 * sheet.square(), Sheet.INK);
      sheet.note(What.TICK, tick, ACROSS, box);
    }
  }

  private void names() {
    for (int row = 0; row < table.size(); row++) {
      String name = table.rows().get(row);
      sheet.note(
          What.NAME,
          row,
          -1,
          sheet.text(
              name, middle(row) - sheet.wide(name) / 2, bottom + 2 * sheet.square(), Sheet.INK));
    }
  }

  /// Numbers at the edges of ranges; what names a range is the room between its edges.
  private void edges() {
    for (int edge = 0; edge <= table.size(); edge++) {
      String text =
          edge < table.size()
              ? table.rows().get(edge).split("-", 2)[0]
              : table.rows().getLast().split("-", 2)[1];
      double at =
          Math.min(
              left + edge * slot() - sheet.wide(text) / 2, sheet.width() - sheet.wide(text) - 1);
      sheet.text(text, at, bottom + 2 * sheet.square(), Sheet.INK);
    }
    for (int row = 0; row < table.size(); row++) {
      double from = left + row * slot();
      double upper = bottom + 2 * sheet.square();
      sheet.note(
          What.NAME, row, -1, new Region.Box(from, upper, from + slot(), upper + sheet.high()));
    }
  }

  private void bars(double share) {
    for (int row = 0; row < table.size(); row++) {
      double half = share * slot() / 2;
      double from = Math.rint(middle(row) - half);
      double to = Math.rint(middle(row) + half);
      int below = 0;
      for (int column = 0; column < table.columns().size(); column++) {
        int value = table.value(row, column);
        Rgb colour = chart.colours().get(chart.colourOf(row, column));
        sheet.note(What.MARK, row, column, sheet.box(from, y(below + value), to, y(below), colour));
        below += value;
      }
    }
  }

  private void line() {
    Rgb colour = chart.colours().getFirst();
    int square = sheet.square();
    for (int row = 1; row < table.size(); row++) {
      sheet.line(
          middle(row - 1),
          y(table.value(row - 1, 0)),
          middle(row),
          y(table.value(row, 0)),
          2 * square,
          colour);
    }
    for (int row = 0; row < table.size(); row++) {
      sheet.note(
          What.MARK, row, 0, sheet.disc(middle(row), y(table.value(row, 0)), 3 * square, colour));
    }
  }

  /// Areas one on the other. What belongs to a row is the strip that is nearer to it than to its
  /// neighbours.
  private void areas() {
    double[] below = new double[table.size()];
    for (int column = 0; column < table.columns().size(); column++) {
      double[] above = below.clone();
      for (int row = 0; row < above.length; row++) {
        above[row] += table.value(row, column);
      }
      Rgb colour = chart.colours().get(chart.colourOf(0, column));
      // One shape: strips of their own would show seams.
      List<Double> whole = new ArrayList<>();
      for (int row = 0; row < above.length; row++) {
        whole.add(middle(row));
        whole.add(y(above[row]));
      }
      for (int row = above.length - 1; row >= 0; row--) {
        whole.add(middle(row));
        whole.add(y(below[row]));
      }
      sheet.polygon(whole, colour);
      for (int row = 0; row < above.length; row++) {
        List<Double> corners = new ArrayList<>();
        edge(corners, above, row, false);
        edge(corners, below, row, true);
        sheet.note(What.MARK, row, column, new Region.Polygon(corners));
      }
      below = above;
    }
  }

  /// The border of a strip: half-way to the row before, at the row, half-way to the next.
  private void edge(List<Double> corners, double[] values, int row, boolean back) {
    List<double[]> at = new ArrayList<>();
    if (row > 0) {
      at.add(new double[] {middle(row) - slot() / 2, (values[row - 1] + values[row]) / 2});
    }
    at.add(new double[] {middle(row), values[row]});
    if (row < values.length - 1) {
      at.add(new double[] {middle(row) + slot() / 2, (values[row] + values[row + 1]) / 2});
    }
    for (double[] one : back ? at.reversed() : at) {
      corners.add(one[0]);
      corners.add(y(one[1]));
    }
  }

  private void dots() {
    for (int row = 0; row < table.size(); row++) {
      sheet.note(
          What.MARK,
          row,
          0,
          sheet.disc(
              x(table.value(row, 0)),
              y(table.value(row, 1)),
              3 * sheet.square(),
              chart.colours().getFirst()));
    }
  }

  private void bubbles() {
    Rgb colour = chart.colours().getFirst();
    for (int row = 0; row < table.size(); row++) {
      sheet.note(
          What.MARK,
          row,
          0,
          sheet.disc(x(table.value(row, 0)), y(table.value(row, 1)), radius(row), colour));
    }
    // Names come last, so that no bubble covers one.
    for (int row = 0; row < table.size(); row++) {
      String name = table.rows().get(row);
      double at =
          Math.clamp(
              x(table.value(row, 0)) - sheet.wide(name) / 2,
              0,
              sheet.width() - sheet.wide(name) - 1);
      sheet.note(
          What.NAME,
          row,
          -1,
          sheet.text(
              name,
              at,
              y(table.value(row, 1)) - sheet.high() / 2.0,
              sheet.wide(name) < 2 * radius(row) ? Sheet.on(colour) : Sheet.INK));
    }
  }

  /// The area of a bubble tells its size.
  private double radius(int row) {
    double unit = Math.min(right - left, bottom - top) / 26;
    return Math.max(2 * sheet.square(), unit * Math.sqrt(table.value(row, 2)));
  }
}
