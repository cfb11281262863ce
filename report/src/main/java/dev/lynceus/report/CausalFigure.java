package dev.lynceus.report;

import dev.lynceus.method.causal.CausalMap;
import dev.lynceus.method.causal.Measures.Metric;
import dev.lynceus.method.causal.TotalEffect;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A causal map as a heat map: one box for each changed run, blue and hatched where the number
/// fell, orange where it rose. What is about patches is drawn on the picture too, a picture for
/// each row that has anything to show.
public final class CausalFigure {
  private static final int SIDE = 200;
  private static final int GAP = 16;
  private static final int IN_A_ROW = 5;
  private static final double OPACITY = .75;

  private CausalFigure() {}

  /// The map of a metric as a stand-alone SVG document: the normalised effect where states of
  /// another run were put in, else the change.
  public static String svg(CausalMap map, Metric metric) {
    return svg(map, metric, "", List.of(), Map.of());
  }

  /// The same with a conclusion above it, and on the pictures.
  ///
  /// @param conclusion may be empty
  /// @param sources the views that the patches belong to; a map whose cells are patches of one view
  ///   has that view alone
  /// @param said the words of positions, by the labels of the map's columns
  public static String svg(
      CausalMap map,
      Metric metric,
      String conclusion,
      List<PatchSource> sources,
      Map<String, String> said) {
    return SvgWriter.write(drawing(map, metric, conclusion, sources, said));
  }

  /// Several maps, one below the other, each with its conclusion.
  public static String svg(
      List<CausalMap> maps,
      Metric metric,
      List<String> conclusions,
      List<PatchSource> sources,
      Map<String, String> said) {
    Drawing all = drawing(maps.getFirst(), metric, conclusions.getFirst(), sources, said);
    for (int i = 1; i < maps.size(); i++) {
      all = all.above(drawing(maps.get(i), metric, conclusions.get(i), sources, said));
    }
    return SvgWriter.write(all);
  }

  /// A scale that reaches at least so far: a hundredth of a probability, a tenth of a nat or of a
  /// way. What is below would look as if it mattered.
  static double floor(Metric metric) {
    return metric == Metric.PROBABILITY ? .01 : .1;
  }

  static Drawing drawing(
      CausalMap map,
      Metric metric,
      String conclusion,
      List<PatchSource> sources,
      Map<String, String> said) {
    String number =
        map.other().isPresent()
            ? "normalised effect on the " + metric.label()
            : "change of the " + metric.label();
    HeatMap heat =
        new HeatMap(
            map.method() + ": " + map.what(),
            number,
            map.gate().map(TotalEffect::text).orElse(""),
            map.gate().map(TotalEffect::passed).orElse(true)
                ? HeatMap.Weight.FULL
                : HeatMap.Weight.LITTLE,
            map.rowAxis(),
            map.rows(),
            map.columnAxis(),
            map.columns(),
            map.columns().stream().map(column -> said.getOrDefault(column, "")).toList(),
            map.effects(metric),
            floor(metric));
    Drawing whole = heat.headsDown().drawing(map.method());
    if (map.gate().map(TotalEffect::passed).orElse(true)) {
      whole = pictures(whole, map, metric, sources);
    }
    return whole.noted(map.notes()).under(conclusion);
  }

  /// Values of the patches of one view in one row of the map.
  // Plain numbers to be drawn; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  private record Panel(String title, PatchSource source, double[] values) {}

  private static Drawing pictures(
      Drawing heat, CausalMap map, Metric metric, List<PatchSource> sources) {
    double[][] effects = map.effects(metric);
    List<Panel> panels = panels(map, effects, sources);
    double most =
        panels.stream()
            .flatMapToDouble(panel -> Arrays.stream(panel.values()))
            .filter(Double::isFinite)
            .map(Math::abs)
            .max()
            .orElse(0);
    if (panels.isEmpty()) {
      return heat;
    }
    List<Drawing.Shape> shapes = new ArrayList<>(heat.shapes());
    int top = heat.height() + 24;
    if (most < floor(metric)) {
      shapes.add(
          HeatMap.label(
              12,
              top,
              "No patch reaches %s, so none is drawn on the picture."
                  .formatted(HeatMap.number(floor(metric))),
              11,
              Drawing.Anchor.START));
      return new Drawing(heat.title(), heat.width(), top + 12, heat.background(), shapes);
    }
    ValueRange range = ValueRange.ofMap(true, floor(metric), most);
    List<Panel> drawn =
        panels.stream()
            .filter(
                panel -> Arrays.stream(panel.values()).anyMatch(v -> Math.abs(v) >= floor(metric)))
            .toList();
    shapes.add(HeatMap.label(12, top, "on the picture", 12, Drawing.Anchor.START));
    int line = SIDE + 34;
    for (int i = 0; i < drawn.size(); i++) {
      Panel panel = drawn.get(i);
      int x = 12 + i % IN_A_ROW * (SIDE + GAP);
      int y = top + 12 + i / IN_A_ROW * line;
      java.awt.image.BufferedImage seen = panel.source().seen();
      MapRaster.Grid grid =
          new MapRaster.Grid(panel.values(), panel.source().rows(), panel.source().columns());
      java.awt.image.BufferedImage image =
          MapPicture.over(
              seen,
              grid,
              new MapRaster.Overlay(Sampling.NEAREST, MapPicture.scale(range), OPACITY));
      double scale = SIDE / (double) Math.max(image.getWidth(), image.getHeight());
      shapes.add(
          new Drawing.Picture(
              x, y, image.getWidth() * scale, image.getHeight() * scale, image, panel.title()));
      shapes.add(HeatMap.label(x, y + SIDE + 15, panel.title(), 11, Drawing.Anchor.START));
    }
    int across = Math.min(IN_A_ROW, drawn.size());
    int bottom = top + 12 + Math.ceilDiv(drawn.size(), IN_A_ROW) * line;
    return new Drawing(
        heat.title(),
        Math.max(heat.width(), 24 + across * (SIDE + GAP)),
        bottom,
        heat.background(),
        shapes);
  }

  private static List<Panel> panels(CausalMap map, double[][] effects, List<PatchSource> sources) {
    if (map.rowAxis().equals("row") && map.columnAxis().equals("column") && !sources.isEmpty()) {
      return List.of(squares(effects, sources.getFirst()));
    }
    List<Panel> panels = new ArrayList<>();
    for (int row = 0; row < effects.length; row++) {
      String name = map.rows().get(row);
      for (int s = 0; s < sources.size(); s++) {
        PatchSource source = sources.get(s);
        double[] values = new double[source.rows() * source.columns()];
        Arrays.fill(values, Double.NaN);
        boolean any = false;
        for (int column = 0; column < map.columns().size(); column++) {
          Optional<PatchSource.Found> patch = PatchSource.find(sources, map.columns().get(column));
          if (patch.isPresent() && patch.get().source() == s) {
            values[patch.get().patch()] = effects[row][column];
            any = true;
          }
        }
        if (any) {
          String title = name.equals("embedding") ? name : map.rowAxis() + " " + name;
          panels.add(
              new Panel(sources.size() > 1 ? title + ", view " + (s + 1) : title, source, values));
        }
      }
    }
    return panels;
  }

  /// Squares of one or several patches each.
  private static Panel squares(double[][] effects, PatchSource source) {
    double[] values = new double[source.rows() * source.columns()];
    int group = Math.max(1, Math.ceilDiv(source.rows(), Math.max(1, effects.length)));
    for (int p = 0; p < values.length; p++) {
      int row = Math.min(effects.length - 1, p / source.columns() / group);
      int column = Math.min(effects[row].length - 1, p % source.columns() / group);
      values[p] = effects[row][column];
    }
    return new Panel("where it was hidden", source, values);
  }
}
