package dev.lynceus.lab.literacy;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.literacy.Part.What;
import dev.lynceus.lab.picture.Region;
import dev.lynceus.lab.picture.Rgb;
import java.util.ArrayList;
import java.util.List;

/// Draws charts with title, legend, names and numbers. The same chart and size give the same bytes
/// on every machine.
public final class ChartPainter {
  /// Smaller pictures have no room for numbers and names.
  public static final int LEAST_SIDE = 100;

  /// Larger ones would only take memory.
  public static final int MOST_SIDE = 2048;

  private ChartPainter() {}

  /// Draws a chart.
  ///
  /// @param width in pixels
  /// @param height in pixels
  /// @throws LynceusException BAD_REQUEST for a picture too small or too large
  public static Drawn draw(Chart chart, int width, int height) {
    if (Math.min(width, height) < LEAST_SIDE || Math.max(width, height) > MOST_SIDE) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a chart of %d x %d pixels".formatted(width, height),
          "Use %d to %d pixels on each side.".formatted(LEAST_SIDE, MOST_SIDE));
    }
    Sheet sheet = new Sheet(width, height);
    int square = sheet.square();
    double top = 3 * square;
    if (!chart.title().isEmpty()) {
      sheet.text(chart.title(), 4 * square, top, Sheet.INK);
      top += sheet.high() + 4 * square;
    }
    top = legend(sheet, chart, top);
    Region.Box room = new Region.Box(3 * square, top, width - 3.0 * square, height - 3.0 * square);
    switch (chart.kind()) {
      case LINE,
          BAR,
          STACKED_BAR,
          STACKED_BAR_100,
          HISTOGRAM,
          SCATTER,
          AREA,
          STACKED_AREA,
          BUBBLE ->
          new Scales(sheet, chart, room).draw();
      case PIE -> pie(sheet, chart, room);
      case MAP -> map(sheet, chart, room);
      case TREEMAP -> treemap(sheet, chart, room);
    }
    return sheet.done();
  }

  /// @return where what comes below begins
  private static double legend(Sheet sheet, Chart chart, double top) {
    List<String> names = chart.legend();
    int square = sheet.square();
    double left = 4 * square;
    double y = top;
    for (int i = 0; i < names.size(); i++) {
      double wide = sheet.high() + 2 * square + sheet.wide(names.get(i));
      if (left + wide > sheet.width() - square && left > 4 * square) {
        left = 4 * square;
        y += sheet.high() + 3 * square;
      }
      sheet.box(left, y, left + sheet.high(), y + sheet.high(), chart.colours().get(i));
      sheet.text(names.get(i), left + sheet.high() + 2 * square, y, Sheet.INK);
      sheet.note(
          What.LEGEND, -1, i, new Region.Box(left, y, left + wide, y + (double) sheet.high()));
      left += wide + 5 * square;
    }
    return names.isEmpty() ? y : y + sheet.high() + 4 * square;
  }

  private static void pie(Sheet sheet, Chart chart, Region.Box room) {
    double cx = (room.x0() + room.x1()) / 2;
    double cy = (room.y0() + room.y1()) / 2;
    double radius = Math.min(room.x1() - room.x0(), room.y1() - room.y0()) / 2;
    double from = -Math.PI / 2;
    for (int row = 0; row < chart.table().size(); row++) {
      double to = from + 2 * Math.PI * chart.table().value(row, 0) / chart.table().totalOf(0);
      int pieces = Math.max(2, (int) Math.ceil((to - from) / .05));
      List<Double> corners = new ArrayList<>(List.of(cx, cy));
      for (int i = 0; i <= pieces; i++) {
        double angle = from + (to - from) * i / pieces;
        corners.add(cx + radius * StrictMath.cos(angle));
        corners.add(cy + radius * StrictMath.sin(angle));
      }
      sheet.note(What.MARK, row, 0, sheet.polygon(corners, chart.colours().get(row)));
      from = to;
    }
  }

  private static void map(Sheet sheet, Chart chart, Region.Box room) {
    int rows = chart.table().size();
    int columns = (int) Math.ceil(Math.sqrt(rows));
    int lines = (rows + columns - 1) / columns;
    double[][][] corner = new double[lines + 1][columns + 1][];
    var random = new java.util.SplittableRandom(chart.shape());
    double wide = (room.x1() - room.x0()) / columns;
    double high = (room.y1() - room.y0()) / lines;
    for (int l = 0; l <= lines; l++) {
      for (int c = 0; c <= columns; c++) {
        double inner = l > 0 && l < lines && c > 0 && c < columns ? .3 : .12;
        double dx = (random.nextDouble() - .5) * inner * wide;
        double dy = (random.nextDouble() - .5) * inner * high;
        corner[l][c] =
            new double[] {
              Math.clamp(room.x0() + c * wide + dx, room.x0(), room.x1()),
              Math.clamp(room.y0() + l * high + dy, room.y0(), room.y1())
            };
      }
    }
    for (int row = 0; row < rows; row++) {
      int l = row / columns;
      int c = row % columns;
      List<Double> corners = new ArrayList<>();
      for (double[] at :
          List.of(corner[l][c], corner[l][c + 1], corner[l + 1][c + 1], corner[l + 1][c])) {
        corners.add(at[0]);
        corners.add(at[1]);
      }
      Rgb colour = chart.colours().get(chart.colourOf(row, 0));
      sheet.note(What.MARK, row, 0, sheet.polygon(corners, colour));
      for (int i = 0; i < 8; i += 2) {
        sheet.line(
            corners.get(i),
            corners.get(i + 1),
            corners.get((i + 2) % 8),
            corners.get((i + 3) % 8),
            sheet.square(),
            Sheet.INK);
      }
      String name = chart.table().rows().get(row);
      double cx = (corners.get(0) + corners.get(2) + corners.get(4) + corners.get(6)) / 4;
      double cy = (corners.get(1) + corners.get(3) + corners.get(5) + corners.get(7)) / 4;
      sheet.note(
          What.NAME,
          row,
          -1,
          sheet.text(name, cx - sheet.wide(name) / 2, cy - sheet.high() / 2.0, Sheet.on(colour)));
    }
  }

  private static void treemap(Sheet sheet, Chart chart, Region.Box room) {
    ChartTable table = chart.table();
    List<String> groups = chart.legend();
    double left = room.x0();
    double all = table.totalOf(0);
    for (int g = 0; g < groups.size(); g++) {
      List<Integer> own = new ArrayList<>();
      int sum = 0;
      for (int row = 0; row < table.size(); row++) {
        if (table.groups().get(row).equals(groups.get(g))) {
          own.add(row);
          sum += table.value(row, 0);
        }
      }
      double right = left + (room.x1() - room.x0()) * sum / all;
      double top = room.y0();
      for (int row : own) {
        double bottom = top + (room.y1() - room.y0()) * table.value(row, 0) / sum;
        Rgb colour = chart.colours().get(g);
        double gap = sheet.square() / 2.0;
        sheet.note(
            What.MARK, row, 0, sheet.box(left + gap, top + gap, right - gap, bottom - gap, colour));
        sheet.note(
            What.NAME,
            row,
            -1,
            sheet.text(
                table.rows().get(row),
                left + 2 * sheet.square(),
                top + 2 * sheet.square(),
                Sheet.on(colour)));
        top = bottom;
      }
      left = right;
    }
  }
}
