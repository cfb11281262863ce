package dev.lynceus.report;

import static dev.lynceus.report.HeatMap.INK;
import static dev.lynceus.report.HeatMap.PAPER;
import static dev.lynceus.report.HeatMap.label;
import static dev.lynceus.report.HeatMap.number;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.causal.AttributionMap;
import dev.lynceus.report.Drawing.Anchor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Estimates of attribution patching as a heat map, above what became of them when they were
/// patched: estimates against measured changes, and the strongest as a list. Grids too wide to be
/// drawn, such as neurons, have the lower part only.
public final class AttributionFigure {
  private static final String STRONG = "#d9822b";
  private static final String DRAWN = "#3b6ea8";
  private static final String RULE = "#c4cad3";
  private static final int WIDEST = 240;
  private static final int SIDE = 300;
  private static final int LEFT = 96;
  private static final int LISTED = 14;

  private AttributionFigure() {}

  /// A stand-alone SVG document.
  ///
  /// @param conclusion what it shows; may be empty
  /// @param said the words of positions, by the labels of the map's columns
  public static String svg(AttributionMap map, String conclusion, Map<String, String> said) {
    return SvgWriter.write(drawing(map, said).under(conclusion));
  }

  static Drawing drawing(AttributionMap map, Map<String, String> said) {
    List<Drawing.Shape> shapes = new ArrayList<>();
    String title = map.method() + ": " + map.what();
    String number = "estimated change of the " + map.metric().label();
    int width = LEFT + SIDE + 560;
    int top = 84;
    if (map.columns().size() <= WIDEST) {
      HeatMap heat =
          new HeatMap(
                  title,
                  number,
                  "",
                  HeatMap.Weight.FULL,
                  map.rowAxis(),
                  map.rows(),
                  map.columnAxis(),
                  map.columns(),
                  map.columns().stream().map(column -> said.getOrDefault(column, "")).toList(),
                  map.estimates(),
                  CausalFigure.floor(map.metric()))
              .headsDown();
      shapes.addAll(heat.shapes());
      width = Math.max(width, heat.width());
      top = heat.height() + 30;
    } else {
      shapes.add(label(12, 22, title, 13, Anchor.START));
      shapes.add(label(12, 42, number, 11, Anchor.START));
    }
    scatter(shapes, map, top);
    list(shapes, map, top);
    return new Drawing(map.method() + " \u00b7 Lynceus", width, top + SIDE + 56, PAPER, shapes)
        .noted(map.notes());
  }

  private static void scatter(List<Drawing.Shape> shapes, AttributionMap map, int top) {
    List<AttributionMap.Cell> all =
        Stream.concat(map.sample().cells().stream(), map.strongest().cells().stream()).toList();
    double most =
        all.stream()
            .mapToDouble(cell -> Math.max(Math.abs(cell.estimate()), Math.abs(cell.change())))
            .max()
            .orElse(0);
    double end = most > 0 && Double.isFinite(most) ? most * 1.05 : 1;
    double middle = SIDE / 2.0;
    shapes.add(new Drawing.Line(LEFT, top + middle, LEFT + SIDE, top + middle, RULE));
    shapes.add(new Drawing.Line(LEFT + middle, top, LEFT + middle, top + SIDE, RULE));
    shapes.add(new Drawing.Line(LEFT, top + SIDE, LEFT + SIDE, top, RULE));
    dots(shapes, map, map.sample().cells(), end, top, DRAWN);
    dots(shapes, map, map.strongest().cells(), end, top, STRONG);
    shapes.add(label(LEFT - 6, top + 8, number(end), 10, Anchor.END));
    shapes.add(label(LEFT - 6, top + middle + 4, "0", 10, Anchor.END));
    shapes.add(label(LEFT - 6, top + SIDE, number(-end), 10, Anchor.END));
    shapes.add(label(LEFT, top + SIDE + 16, number(-end), 10, Anchor.START));
    shapes.add(label(LEFT + SIDE, top + SIDE + 16, number(end), 10, Anchor.END));
    shapes.add(label(LEFT + middle, top + SIDE + 32, "estimated", 11, Anchor.MIDDLE));
    shapes.add(label(LEFT, top - 10, "patched", 11, Anchor.START));
  }

  private static void dots(
      List<Drawing.Shape> shapes,
      AttributionMap map,
      List<AttributionMap.Cell> cells,
      double end,
      int top,
      String fill) {
    double half = SIDE / 2.0;
    for (AttributionMap.Cell cell : cells) {
      double x = LEFT + half + cell.estimate() / end * half;
      double y = top + half - cell.change() / end * half;
      if (Double.isFinite(x) && Double.isFinite(y)) {
        shapes.add(new Drawing.Box(x - 2.2, y - 2.2, 4.4, 4.4, fill, hint(map, cell)));
      }
    }
  }

  private static String hint(AttributionMap map, AttributionMap.Cell cell) {
    return "%s: estimated %s, patched %s"
        .formatted(
            map.label(cell.row(), cell.column()),
            Spoken.signed(cell.estimate()),
            Spoken.signed(cell.change()));
  }

  private static void list(List<Drawing.Shape> shapes, AttributionMap map, int top) {
    int x = LEFT + SIDE + 44;
    double y = top + 2;
    y = agreement(shapes, x, y, STRONG, "strongest cells", map.strongest());
    y = agreement(shapes, x, y, DRAWN, "random cells", map.sample());
    y += 8;
    shapes.add(label(x + 350, y, "estimated", 10, Anchor.END));
    shapes.add(label(x + 420, y, "patched", 10, Anchor.END));
    List<AttributionMap.Cell> cells = map.strongest().cells();
    for (AttributionMap.Cell cell : cells.subList(0, Math.min(LISTED, cells.size()))) {
      y += 16;
      shapes.add(label(x, y, map.label(cell.row(), cell.column()), 11, Anchor.START));
      shapes.add(label(x + 350, y, signed(cell.estimate()), 11, Anchor.END));
      shapes.add(label(x + 420, y, signed(cell.change()), 11, Anchor.END));
    }
  }

  private static double agreement(
      List<Drawing.Shape> shapes,
      int x,
      double y,
      String fill,
      String which,
      AttributionMap.Tested tested) {
    if (tested.cells().isEmpty()) {
      return y;
    }
    shapes.add(new Drawing.Box(x, y - 8, 8, 8, fill, ""));
    shapes.add(
        new Drawing.Label(
            x + 14,
            y,
            "%d %s patched, rank correlation %s"
                .formatted(tested.cells().size(), which, told(tested.agreement())),
            11,
            INK,
            Anchor.START));
    return y + 18;
  }

  private static String told(Optional<Double> number) {
    return number.map(Spoken::number).orElse("not defined");
  }

  private static String signed(double value) {
    return Spoken.signed(value);
  }
}
