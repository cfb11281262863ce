package dev.lynceus.report;

import dev.lynceus.method.causal.CausalMap;
import dev.lynceus.method.causal.Measures.Metric;
import dev.lynceus.method.causal.TotalEffect;

/// A causal map as a heat map: one box for each changed run, blue where the number fell, orange
/// where it rose.
public final class CausalFigure {
  private CausalFigure() {}

  /// The map of a metric as a stand-alone SVG document: the normalised effect where states of
  /// another run were put in, else the change.
  public static String svg(CausalMap map, Metric metric) {
    return SvgWriter.write(drawing(map, metric));
  }

  /// A scale that reaches at least so far: a hundredth of a probability, a tenth of a nat or of a
  /// way. What is below would look as if it mattered.
  static double floor(Metric metric) {
    return metric == Metric.PROBABILITY ? .01 : .1;
  }

  static Drawing drawing(CausalMap map, Metric metric) {
    String number =
        map.other().isPresent()
            ? "normalised effect on the " + metric.label()
            : "change of the " + metric.label();
    return new HeatMap(
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
            map.effects(metric),
            floor(metric))
        .drawing(map.method())
        .noted(map.notes());
  }
}
