package dev.lynceus.lab.train;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.file.AtomicFile;
import dev.lynceus.tensor.file.InputFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Keeps the losses of a stage in a table of comma-separated values, and draws them. A stage that
/// is continued goes on in the same table; steps that are made again are written again, and the
/// last line of a step counts.
public final class TrainingLog {
  private static final String HEAD = "step,kind,loss,right,seconds\n";
  private static final int WIDTH = 720;
  private static final int HEIGHT = 320;
  private static final int LEFT = 56;
  private static final int TOP = 36;
  private static final int RIGHT = 16;
  private static final int BOTTOM = 44;

  private final Path table;
  private final Path plot;
  private final String stage;

  /// The log of a stage in a folder: `loss-STAGE.csv` and `loss-STAGE.svg`.
  ///
  /// @param stage its name
  public TrainingLog(Path folder, String stage) {
    this.table = folder.resolve("loss-" + stage + ".csv");
    this.plot = folder.resolve("loss-" + stage + ".svg");
    this.stage = stage;
  }

  /// Adds a line.
  ///
  /// @param kind `train` or `held-out`
  public void add(long step, String kind, double loss, Map<String, Double> right, double seconds) {
    String shares =
        right.entrySet().stream()
            .map(entry ->
                entry.getKey() + "=" + String.format(Locale.ROOT, "%.4f", entry.getValue()))
            .collect(Collectors.joining(" "));
    String line =
        String.format(Locale.ROOT, "%d,%s,%.6f,%s,%.1f\n", step, kind, loss, shares, seconds);
    try {
      if (!InputFile.isThere(table)) {
        Files.writeString(table, HEAD);
      }
      InputFile.REQUEST.size(table); // appending to a pipe would wait for a reader
      Files.writeString(table, line, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw notWritable(table, e);
    }
  }

  /// A step of the table.
  private record Row(long step, boolean heldOut, double loss) {}

  /// Draws the table: loss over steps, on a logarithmic scale.
  ///
  /// @return the file of the drawing
  public Path draw() {
    List<Row> rows = new ArrayList<>();
    for (String line : InputFile.REQUEST.lines(table)) {
      String[] cells = line.split(",", -1);
      if (!cells[0].equals("step")) {
        rows.add(
            new Row(
                Long.parseLong(cells[0]),
                cells[1].equals("held-out"),
                Double.parseDouble(cells[2])));
      }
    }
    AtomicFile.write(plot, svg(rows).getBytes(StandardCharsets.UTF_8));
    return plot;
  }

  private String svg(List<Row> rows) {
    double last = rows.stream().mapToLong(Row::step).max().orElse(1);
    double most = rows.stream().mapToDouble(Row::loss).max().orElse(1);
    double least =
        Math.max(1e-4, rows.stream().mapToDouble(Row::loss).filter(v -> v > 0).min().orElse(.1));
    int top = (int) Math.ceil(Math.log10(most));
    int bottom = (int) Math.floor(Math.log10(least));
    StringBuilder svg =
        new StringBuilder(
            """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" font-family="system-ui, sans-serif" font-size="12" fill="#23272f">
            <rect width="100%%" height="100%%" fill="#ffffff"/>
            <text x="%d" y="20" font-size="14">Loss of the stage %s</text>
            """
                .formatted(WIDTH, HEIGHT, WIDTH, HEIGHT, LEFT, stage));
    for (int power = bottom; power <= top; power++) {
      double y = y(Math.pow(10, power), bottom, top);
      svg.append(
          String.format(
              Locale.ROOT,
              "<line x1='%d' x2='%d' y1='%.1f' y2='%.1f' stroke='#e3e6ea'/><text x='%d' y='%.1f' text-anchor='end'>%s</text>\n",
              LEFT,
              WIDTH - RIGHT,
              y,
              y,
              LEFT - 6,
              y + 4,
              String.format(Locale.ROOT, "%.4g", Math.pow(10, power))
                  .replaceAll("(\\.\\d*?)0+$", "$1")
                  .replaceAll("\\.$", "")));
    }
    line(svg, rows.stream().filter(row -> !row.heldOut()).toList(), last, bottom, top, "#2f6fb3");
    line(svg, rows.stream().filter(Row::heldOut).toList(), last, bottom, top, "#c2571a");
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x='%d' y='%d'>0</text><text x='%d' y='%d' text-anchor='end'>%.0f steps</text>\n",
            LEFT,
            HEIGHT - 22,
            WIDTH - RIGHT,
            HEIGHT - 22,
            last));
    svg.append(
        "<text x='%d' y='20' text-anchor='end'><tspan fill='#2f6fb3'>training</tspan>  <tspan fill='#c2571a'>held out</tspan></text>\n</svg>\n"
            .formatted(WIDTH - RIGHT));
    return svg.toString();
  }

  private static void line(
      StringBuilder svg, List<Row> rows, double last, int bottom, int top, String colour) {
    String points =
        rows.stream()
            .map(row ->
                String.format(
                    Locale.ROOT,
                    "%.1f,%.1f",
                    LEFT + (WIDTH - LEFT - RIGHT) * row.step() / last,
                    y(row.loss(), bottom, top)))
            .collect(Collectors.joining(" "));
    svg.append("<polyline fill='none' stroke='%s' points='%s'/>\n".formatted(colour, points));
  }

  private static double y(double loss, int bottom, int top) {
    double depth = (top - Math.log10(Math.max(loss, 1e-4))) / Math.max(1, top - bottom);
    return TOP + (HEIGHT - TOP - BOTTOM) * depth;
  }

  private static LynceusException notWritable(Path file, IOException e) {
    return new LynceusException(
        ErrorCode.NOT_WRITABLE,
        file + " cannot be written: " + e.getMessage(),
        "Choose a folder that you may write to.",
        e);
  }
}
