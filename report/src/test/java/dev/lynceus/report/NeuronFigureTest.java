package dev.lynceus.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.method.Explanation.Word;
import dev.lynceus.method.NeuronComparison.Change;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Both increases of each neuron are drawn, with its words.
class NeuronFigureTest {
  @Test
  void bothIncreasesAreDrawn() {
    Change change = new Change(1, 280, 2, 0.5, 0.4, -0.1, 0.5, List.of(new Word(3, " <brown>", 1)));
    String svg = NeuronFigure.svg("brown", "for green", List.of(change));

    assertThat(svg)
        .contains("1.280", "&lt;brown&gt;", "for green")
        .contains("Neuron 1.280 differs most for \u201cbrown\u201d: it brings +0.40 nats here")
        .contains("here: +0.400, coefficient +2.000")
        .contains("for green: -0.100, coefficient +0.500");
    assertThat(NeuronFigure.svg("brown", "for green", List.of())).contains("<svg");
  }
}
