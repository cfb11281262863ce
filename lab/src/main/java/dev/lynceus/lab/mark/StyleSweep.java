package dev.lynceus.lab.mark;

import dev.lynceus.lab.picture.Region;
import dev.lynceus.lab.picture.Rgb;
import dev.lynceus.lab.picture.Side;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/// Tries colours, sizes and sides of marks: what one style shows may be another in the next (arXiv
/// 2512.17875), so mean and range are told, never one number.
///
/// @param markers how marks are made
/// @param regions the first is spoken of
/// @param controls regions to compare it with, in the same style
/// @param effect change of the log probability of the answer by a mark, nats
/// @param step told the name of an operator before each mark
record StyleSweep(
    Markers markers,
    List<Region> regions,
    List<Region> controls,
    ToDoubleFunction<Marked> effect,
    Consumer<String> step) {
  static final List<Rgb> COLOURS = List.of(Rgb.RED, Rgb.parse("blue"), Rgb.WHITE);
  static final List<Double> SIZES = List.of(.5, 1.0, 2.0);
  static final List<Side> SIDES = List.of(Side.CENTRE, Side.LEFT, Side.BOTTOM);

  /// All styles of the operators that have any.
  List<MarkReport.Sweep> of(List<MarkOperator> operators) {
    return operators.stream().filter(MarkOperator::styled).map(this::of).toList();
  }

  /// How many styles that is, of all operators together.
  static long styles(List<MarkOperator> operators) {
    return operators.stream()
        .filter(MarkOperator::styled)
        .mapToLong(operator -> (long) colours(operator).size() * SIZES.size() * SIDES.size())
        .sum();
  }

  private static List<Rgb> colours(MarkOperator operator) {
    return operator == MarkOperator.SOM ? List.of(Rgb.RED) : COLOURS;
  }

  private MarkReport.Sweep of(MarkOperator operator) {
    List<MarkReport.Styled> styles = new ArrayList<>();
    for (Rgb colour : colours(operator)) {
      for (double size : SIZES) {
        for (Side side : SIDES) {
          Markers own = markers.styled(new Style(colour, size, markers.style().alpha(), side));
          step.accept(operator.label());
          double value = effect.applyAsDouble(own.apply(operator, regions, Optional.empty()));
          double sum = 0;
          for (Region control : controls) {
            List<Region> swapped = new ArrayList<>(regions);
            swapped.set(0, control);
            sum += effect.applyAsDouble(own.apply(operator, swapped, Optional.empty()));
          }
          styles.add(
              new MarkReport.Styled(
                  colour.text(),
                  size,
                  side.name().toLowerCase(java.util.Locale.ROOT),
                  value,
                  controls.isEmpty() ? Double.NaN : value - sum / controls.size()));
        }
      }
    }
    DoubleSummaryStatistics all =
        styles.stream().mapToDouble(MarkReport.Styled::effect).summaryStatistics();
    DoubleSummaryStatistics specific =
        styles.stream().mapToDouble(MarkReport.Styled::specificity).summaryStatistics();
    boolean known = !controls.isEmpty();
    styles.sort(
        Comparator.comparingDouble(
            (MarkReport.Styled one) -> known ? -one.specificity() : -one.effect()));
    return new MarkReport.Sweep(
        operator.label(),
        all.getAverage(),
        all.getMin(),
        all.getMax(),
        known ? specific.getAverage() : Double.NaN,
        known ? specific.getMin() : Double.NaN,
        known ? specific.getMax() : Double.NaN,
        styles);
  }
}
