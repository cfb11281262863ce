package dev.lynceus.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.method.causal.AttributionMap;
import dev.lynceus.method.causal.AttributionMap.Cell;
import dev.lynceus.method.causal.AttributionMap.Tested;
import dev.lynceus.method.causal.AttributionPatching;
import dev.lynceus.method.causal.Measures;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The figure shows estimates at their places, and what became of those that were patched.
class AttributionFigureTest {
  private static AttributionMap map(int columns) {
    Measures run = new Measures(0.5, -0.7, 1, 2, 0);
    double[][] estimates = new double[2][columns];
    estimates[1][2] = 3;
    Tested strongest =
        new Tested(
            List.of(new Cell(1, 2, 3, Optional.empty(), 2.5)), Optional.empty(), Optional.empty());
    Tested sample =
        new Tested(
            List.of(new Cell(0, 1, 0, Optional.empty(), -1)), Optional.of(0.5), Optional.of(0.5));
    return new AttributionMap(
        "attribute",
        "each <head>",
        AttributionPatching.Form.ATP,
        Measures.Metric.LOGIT,
        run,
        run,
        "layer",
        List.of("0", "1"),
        "head",
        IntStream.range(0, columns).mapToObj(Integer::toString).toList(),
        estimates,
        Optional.empty(),
        strongest,
        sample,
        List.of());
  }

  @Test
  void cellsAndTestsAreDrawn() {
    String svg = AttributionFigure.svg(map(4), "", Map.of());
    assertThat(svg)
        .contains("each &lt;head&gt;", "estimated change of the logit")
        .contains("head 1.2: +3.000", "head 0.1: estimated 0.000, patched -1.000")
        .contains("1 strongest cells patched, rank correlation not defined")
        .contains("1 random cells patched, rank correlation 0.500", "+2.500");
  }

  @Test
  void aGridTooWideHasTheTestsOnly() {
    assertThat(AttributionFigure.svg(map(2000), "", Map.of()))
        .contains("head 1.2: estimated +3.000, patched +2.500")
        .doesNotContain("head 0.1000:");
  }
}
