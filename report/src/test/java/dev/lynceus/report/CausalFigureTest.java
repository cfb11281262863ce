package dev.lynceus.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.method.causal.CausalMap;
import dev.lynceus.method.causal.Measures;
import dev.lynceus.method.causal.Measures.Metric;
import dev.lynceus.method.causal.TotalEffect;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The figure shows the numbers of the map, each at its place.
class CausalFigureTest {
  private static Measures at(double logit) {
    return new Measures(0.5, -0.7, logit, logit - 1, 0);
  }

  private static CausalMap map(Optional<Measures> other) {
    return map(other, Optional.empty());
  }

  private static CausalMap map(Optional<Measures> other, Optional<TotalEffect> gate) {
    return new CausalMap(
        "trace",
        "output <of> the layer",
        at(2),
        other,
        "layer",
        List.of("0", "1"),
        "position",
        List.of("image[0].row[0].col[0]", "question[0]", "question[1]"),
        List.of(List.of(at(2), at(3), at(4)), List.of(at(2), at(1), at(6))),
        Optional.empty(),
        1,
        gate,
        List.of());
  }

  @Test
  void everyCellIsDrawnWithItsNumber() {
    String svg = CausalFigure.svg(map(Optional.empty()), Metric.LOGIT);

    assertThat(svg)
        .contains("<title>trace · Lynceus</title>", "output &lt;of&gt; the layer")
        .contains("layer 0, position question[0]: +1.000", "layer 1, position question[1]: +4.000")
        .contains("layer 1, position question[0]: -1.000", "change of the logit");
    assertThat(svg.split("<rect ", -1).length).isGreaterThan(6);
  }

  @Test
  void headsRunDownAndLayersAcrossAsInEveryGridOfHeads() {
    CausalMap map =
        new CausalMap(
            "ablate",
            "each",
            at(2),
            Optional.empty(),
            "layer",
            List.of("0", "1"),
            "head",
            List.of("0", "1", "2"),
            List.of(List.of(at(2), at(3), at(4)), List.of(at(2), at(1), at(6))),
            Optional.empty(),
            1,
            Optional.empty(),
            List.of());
    Drawing drawing = CausalFigure.drawing(map, Metric.LOGIT, "", List.of(), Map.of());
    Drawing.Box left = box(drawing, "head 0.2: +2.000");
    Drawing.Box right = box(drawing, "head 1.2: +4.000");
    Drawing.Box above = box(drawing, "head 1.0: 0.000");
    assertThat(left.y()).isEqualTo(right.y());
    assertThat(left.x()).isLessThan(right.x());
    assertThat(above.y()).isLessThan(right.y());
    assertThat(above.x()).isEqualTo(right.x());
  }

  private static Drawing.Box box(Drawing drawing, String hint) {
    return drawing.shapes().stream()
        .filter(Drawing.Box.class::isInstance)
        .map(Drawing.Box.class::cast)
        .filter(one -> one.hint().equals(hint))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void effectsAreSharesOfTheWayToTheOtherRun() {
    String svg = CausalFigure.svg(map(Optional.of(at(6))), Metric.LOGIT);

    assertThat(svg)
        .contains("layer 1, position question[1]: +1.000", "layer 0, position question[0]: +0.250")
        .contains("normalised effect on the logit");
  }

  @Test
  void aMapBehindAFailedGateIsPaleAndSaysWhy() {
    Optional<Measures> other = Optional.of(at(6));
    String failed =
        CausalFigure.svg(
            map(other, Optional.of(new TotalEffect(0.02, 0, 0.1, 0, 1))), Metric.LOGIT);
    String passed =
        CausalFigure.svg(
            map(other, Optional.of(new TotalEffect(0.7, 0.1, 0.1, 2, 3))), Metric.LOGIT);

    assertThat(failed).contains("total effect 0.020", "this map tells little");
    assertThat(passed).contains("total effect 0.700 ± 0.100", "lost in 2 of 3 runs");
    String strongest = "layer 1, position question[1]: +1.000";
    assertThat(colour(failed, strongest)).isNotEqualTo(colour(passed, strongest));
  }

  /// Of many columns each that is about a word has it below, upright; the others have numbers.
  @Test
  void wordsStandBelowTheirColumns() {
    List<String> columns = new ArrayList<>();
    Map<String, String> said = new HashMap<>();
    for (int i = 0; i < 4; i++) {
      columns.add("image[0].row[0].col[" + i + "]");
    }
    for (String word : List.of("what", " color", " of <it>", " incomprehensibility")) {
      said.put("question[" + said.size() + "]", word);
    }
    for (int i = 0; i < 4; i++) {
      columns.add("question[" + i + "]");
    }
    CausalMap map =
        new CausalMap(
            "trace",
            "what",
            at(2),
            Optional.empty(),
            "layer",
            List.of("0"),
            "position",
            columns,
            List.of(Collections.nCopies(8, at(1))),
            Optional.empty(),
            1,
            Optional.empty(),
            List.of());

    String svg = CausalFigure.svg(map, Metric.LOGIT, "", List.of(), said);
    String plain = CausalFigure.svg(map, Metric.LOGIT, "", List.of(), Map.of());

    assertThat(svg)
        .containsPattern("rotate\\(-90 [0-9. ]+\\)\">what</text>")
        .contains(">color</text>", ">of &lt;it&gt;</text>", ">incomprehensi\u2026</text>")
        .contains("position question[1] \u201ccolor\u201d: -1.000")
        .contains(">3</text>")
        .doesNotContain(">5</text>");
    assertThat(plain).doesNotContain("rotate").contains(">5</text>");
    assertThat(height(svg)).isGreaterThan(height(plain));
  }

  private static int height(String svg) {
    return Integer.parseInt(svg.replaceFirst("(?s).*?height=\"(\\d+)\".*", "$1"));
  }

  @Test
  void patchesAreDrawnOnThePictureWhereTheyMatter() {
    BufferedImage seen = new BufferedImage(40, 40, BufferedImage.TYPE_INT_RGB);
    List<PatchSource> sources = List.of(new PatchSource(0, 2, 2, seen));
    CausalMap map =
        new CausalMap(
            "trace",
            "what",
            at(2),
            Optional.empty(),
            "after layer",
            List.of("embedding", "0"),
            "position",
            List.of("image[0].row[0].col[1]", "question[0]"),
            List.of(List.of(at(1), at(2)), List.of(at(2), at(2))),
            Optional.empty(),
            1,
            Optional.empty(),
            List.of());

    String svg = CausalFigure.svg(map, Metric.LOGIT, "What it <shows>.", sources, Map.of());

    assertThat(svg)
        .contains("What it &lt;shows&gt;.", "on the picture", "embedding, row 0, column 1: -1.000")
        .contains("<title>embedding</title>")
        .doesNotContain("<title>after layer 0</title>");
    assertThat(CausalFigure.svg(map, Metric.DIVERGENCE, "", sources, Map.of()))
        .contains("No patch reaches 0.100, so none is drawn on the picture.");
  }

  /// The fill of the box with a hint.
  private static String colour(String svg, String hint) {
    String before = svg.substring(0, svg.indexOf(hint));
    return before.substring(before.lastIndexOf("fill=")).substring(0, 14);
  }
}
