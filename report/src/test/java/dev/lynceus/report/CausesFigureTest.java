package dev.lynceus.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.method.cleann.CausalExplanation;
import dev.lynceus.method.cleann.CausalExplanation.Node;
import dev.lynceus.method.cleann.PartialGraph.Edge;
import dev.lynceus.method.cleann.PartialGraph.Mark;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The graph shows the tree around the word, each node and edge once, and nothing outside of it.
class CausesFigureTest {
  @Test
  void theTreeIsDrawn() {
    CausalExplanation causes =
        new CausalExplanation(
            "1.0",
            "<brown>",
            9,
            2,
            List.of(
                new Node(3, "image[0].row[1].col[2]", "image[0].row[1].col[2]", .3, 2),
                new Node(4, "image[0].row[1].col[3]", "image[0].row[1].col[3]", .2, -1),
                new Node(7, "question[1]", "car", .1, 1),
                new Node(9, "template[4]", "<brown>", .1, 0)),
            List.of(
                new Edge(0, 1, Mark.TAIL, Mark.ARROW),
                new Edge(0, 2, Mark.ARROW, Mark.ARROW),
                new Edge(2, 3, Mark.CIRCLE, Mark.ARROW)),
            List.of(),
            Optional.empty(),
            0);

    String svg =
        CausesFigure.svg(
            causes,
            List.of(
                new PatchSource(0, 2, 3, new BufferedImage(30, 20, BufferedImage.TYPE_INT_RGB))));

    assertThat(svg)
        .contains(
            "&lt;brown&gt;", ">1, 2<", ">car<", "<title>row 1, column 2, attention 30 %</title>")
        .contains("Nothing in the attention of head 1.0 is joined to")
        .doesNotContain("column 3");
    // Two edges of the tree: a line each, two lines an arrow; three arrows.
    assertThat(svg.split("<line ", -1)).hasSize(1 + 2 + 2 * 3);
  }
}
