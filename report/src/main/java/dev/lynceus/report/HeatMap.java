package dev.lynceus.report;

import dev.lynceus.method.Spoken;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// A grid of numbers as boxes, blue below zero, orange above, with a scale.
///
/// @param title what was done
/// @param number what the numbers are
/// @param note what a reader must know before reading it; may be empty
/// @param weight how much the map tells
/// @param said for each column the word that it is about; empty for a column without, and where no
///   column has one
/// @param values `[row][column]`
/// @param floor the scale reaches at least so far, so that what is next to nothing looks like
///   nothing
// Plain numbers; nothing compares these records.
@SuppressWarnings("ArrayRecordComponent")
record HeatMap(
    String title,
    String number,
    String note,
    Weight weight,
    String rowAxis,
    List<String> rows,
    String columnAxis,
    List<String> columns,
    List<String> said,
    double[][] values,
    double floor) {
  static final String INK = "#23272f";
  static final String PAPER = "#ffffff";
  private static final int LEFT = 96;
  private static final int TOP = 62;
  private static final int KEY = 300;
  private static final int WIDEST = 960;

  /// Pixels that a letter of the second line takes at most.
  private static final int LETTER = 6;

  /// Columns that have room for a name each.
  private static final int NAMED = 6;

  /// Width of a column from which on a word stands upright below it.
  private static final int ROOM = 10;

  /// Letters of a word that are shown.
  private static final int LONGEST = 14;

  HeatMap {
    rows = List.copyOf(rows);
    columns = List.copyOf(columns);
    said = said.isEmpty() ? Collections.nCopies(columns.size(), "") : List.copyOf(said);
  }

  /// How much a map tells.
  enum Weight {
    FULL,
    /// Little: it is drawn pale.
    LITTLE
  }

  /// Share of the colour that is left of a map that tells little.
  private static final double PALE = 0.35;

  private static final String WARNING = "#b4540a";

  /// Heads down and layers across, as every grid of heads is drawn; other grids as they are.
  HeatMap headsDown() {
    if (!rowAxis.equals("layer") || !columnAxis.equals("head")) {
      return this;
    }
    double[][] turned = new double[columns.size()][rows.size()];
    for (int layer = 0; layer < rows.size(); layer++) {
      for (int head = 0; head < columns.size(); head++) {
        turned[head][layer] = values[layer][head];
      }
    }
    return new HeatMap(
        title, number, note, weight, columnAxis, columns, rowAxis, rows, List.of(), turned, floor);
  }

  /// The map by itself.
  Drawing drawing(String name) {
    return new Drawing(name + " \u00b7 Lynceus", width(), height(), PAPER, shapes());
  }

  private int cell() {
    return Math.clamp(WIDEST / Math.max(1, columns.size()), 4, columns.size() <= NAMED ? 110 : 28);
  }

  private int line() {
    return Math.clamp(720 / Math.max(1, rows.size()), 10, 28);
  }

  private String subtitle() {
    return note.isEmpty() ? number : number + "  \u00b7  " + note;
  }

  int width() {
    int words = Math.max(subtitle().length() * LETTER, title.length() * (LETTER + 1));
    return Math.max(LEFT + Math.max(columns.size() * cell(), KEY) + 40, 24 + words);
  }

  int height() {
    return TOP
        + values.length * line()
        + 54
        + Legend.HEIGHT
        + (zones().isEmpty() ? 0 : 18)
        + standing();
  }

  /// The word of a column as it is shown; empty without one.
  private String word(int column) {
    String word = said.get(column).strip();
    return word.isEmpty() || word.length() <= LONGEST
        ? word
        : word.substring(0, word.offsetByCodePoints(0, LONGEST - 1)) + "\u2026";
  }

  /// Whether words stand upright below their columns.
  private boolean stands() {
    return columns.size() > NAMED
        && cell() >= ROOM
        && said.stream().anyMatch(word -> !word.isBlank());
  }

  /// Room that upright words take beside the numbers that they take the place of.
  private int standing() {
    if (!stands()) {
      return 0;
    }
    int longest = IntStream.range(0, columns.size()).map(c -> word(c).length()).max().orElse(0);
    return Math.max(0, longest * LETTER - 10);
  }

  List<Drawing.Shape> shapes() {
    int cell = cell();
    int line = line();
    ValueRange range =
        ValueRange.of(
            true,
            DoubleStream.concat(
                    DoubleStream.of(floor), Arrays.stream(values).flatMapToDouble(Arrays::stream))
                .toArray());
    List<Drawing.Shape> shapes = new ArrayList<>();
    shapes.add(label(12, 22, title, 13, Drawing.Anchor.START));
    String colour = weight == Weight.FULL ? INK : WARNING;
    shapes.add(new Drawing.Label(12, 42, subtitle(), 11, colour, Drawing.Anchor.START));
    for (int r = 0; r < values.length; r++) {
      for (int c = 0; c < columns.size(); c++) {
        double value = values[r][c];
        double shown = Double.isFinite(value) ? range.fraction(value) : 0.5;
        String hint =
            Spoken.cell(rowAxis, rows.get(r), columnAxis, columns.get(c))
                + (said.get(c).isBlank() ? "" : " \u201c" + said.get(c).strip() + "\u201d")
                + ": "
                + Spoken.signed(value);
        shapes.add(
            new Drawing.Box(
                LEFT + c * cell,
                TOP + r * line,
                cell - 0.5,
                line - 0.5,
                ColourScale.DIVERGING_LIGHT.hex(
                    weight == Weight.FULL ? shown : 0.5 + (shown - 0.5) * PALE),
                hint));
        if (weight == Weight.FULL) {
          Legend.Hatch.add(
              shapes, LEFT + c * cell, TOP + r * line, cell - 0.5, line - 0.5, value, range);
        }
      }
    }
    int bottom = TOP + values.length * line;
    for (int r = 0; r < values.length; r++) {
      shapes.add(label(LEFT - 6, TOP + (r + 0.5) * line + 4, rows.get(r), 10, Drawing.Anchor.END));
    }
    int every = columns.size() <= NAMED ? 1 : Math.max(1, (int) Math.ceil(24.0 / cell));
    for (int c = 0; c < columns.size(); c++) {
      double middle = LEFT + (c + 0.5) * cell;
      String word = word(c);
      if (!word.isEmpty() && stands()) {
        shapes.add(new Drawing.Upright(middle + 4, bottom + 5, word, 10, INK));
      } else if (c % every == 0) {
        String name =
            columns.size() > NAMED
                ? Integer.toString(c)
                : word.isEmpty() ? columns.get(c) : "\u201c" + word + "\u201d";
        shapes.add(label(middle, bottom + 14, name, 10, Drawing.Anchor.MIDDLE));
      }
    }
    shapes.add(label(12, TOP - 6, rowAxis, 10, Drawing.Anchor.START));
    bottom += standing();
    int under = bottom + 32;
    for (Zone zone : zones()) {
      double from = LEFT + zone.from() * (double) cell;
      double to = LEFT + zone.to() * (double) cell - 1;
      shapes.add(new Drawing.Line(from, bottom + 20, to, bottom + 20, INK));
      if ((zone.to() - zone.from()) * cell > zone.name().length() * LETTER) {
        shapes.add(label((from + to) / 2, bottom + 32, zone.name(), 10, Drawing.Anchor.MIDDLE));
      }
      under = bottom + 50;
    }
    shapes.add(label(LEFT, under, columnAxis, 10, Drawing.Anchor.START));
    Legend.add(shapes, LEFT, under + 8, KEY, ColourScale.DIVERGING_LIGHT, range, "");
    return shapes;
  }

  /// Neighbouring positions of one zone.
  private record Zone(String name, int from, int to) {}

  /// The zones that positions lie in; none where columns are something else.
  private List<Zone> zones() {
    List<Zone> zones = new ArrayList<>();
    if (!columnAxis.equals("position") || columns.size() <= NAMED) {
      return zones;
    }
    int from = 0;
    for (int c = 1; c <= columns.size(); c++) {
      if (c == columns.size() || !zone(columns.get(c)).equals(zone(columns.get(from)))) {
        zones.add(new Zone(zone(columns.get(from)), from, c));
        from = c;
      }
    }
    return zones;
  }

  private static String zone(String label) {
    return label.replaceFirst("\\[.*", "");
  }

  static Drawing.Label label(double x, double y, String text, int size, Drawing.Anchor anchor) {
    return new Drawing.Label(x, y, text, size, INK, anchor);
  }

  static String number(double value) {
    return value == 0 ? "0" : Spoken.number(value);
  }
}
