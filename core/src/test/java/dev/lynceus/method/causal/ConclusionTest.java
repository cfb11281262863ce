package dev.lynceus.method.causal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/// A conclusion says no more than the numbers do.
class ConclusionTest {
  private static Measures at(double logProbability) {
    return new Measures(Math.exp(logProbability), logProbability, 0, 0, 0);
  }

  private static CausalMap map(
      Optional<Measures> other, Optional<TotalEffect> gate, double base, double... cells) {
    return new CausalMap(
        "test",
        "what",
        at(base),
        other,
        "layer",
        List.of("3"),
        "position",
        List.of("image[0].row[1].col[2]", "last", "question[0]").subList(0, cells.length),
        List.of(DoubleStream.of(cells).mapToObj(ConclusionTest::at).toList()),
        Optional.empty(),
        1,
        gate,
        List.of());
  }

  @Test
  void nothingIsNeededWhereNothingFalls() {
    String text =
        Conclusion.of(map(Optional.empty(), Optional.empty(), -.01, -.0101, -.0102, -.01), "red");

    assertThat(text)
        .startsWith("No single position is needed for \u201cred\u201d: without any one of 3")
        .contains("less than 0.1 nats")
        .endsWith("Several together may be.");
  }

  @Test
  void whatMasksHideIsAPartOfThePicture() {
    CausalMap positions = map(Optional.empty(), Optional.empty(), -.01, -.0101, -.0102);
    CausalMap masks =
        new CausalMap(
            positions.method(),
            positions.what(),
            positions.base(),
            positions.other(),
            "mask",
            List.of("car.png"),
            "hidden",
            List.of("object", "+ 1 ring"),
            positions.cells(),
            Optional.empty(),
            1,
            Optional.empty(),
            List.of());
    assertThat(Conclusion.of(masks, "red"))
        .startsWith("No single part of the picture is needed for \u201cred\u201d");
  }

  @Test
  void theLargestFallIsNamedWithItsPlaceAndHowManyThereAre() {
    assertThat(
            Conclusion.of(map(Optional.empty(), Optional.empty(), -.01, -2.31, -.02, -.01), "red"))
        .isEqualTo(
            "\u201cred\u201d needs layer 3, row 1, column 2 most: without it the"
                + " probability falls from 99.0 % to 9.9 % (-2.30 nats). It is the only one of 3"
                + " that costs 0.1 nats.");
    assertThat(Conclusion.of(map(Optional.empty(), Optional.empty(), -1, -2, -1.5, -.4), "red"))
        .contains("2 of 3 cost 0.1 nats or more.")
        .endsWith("Without layer 3, position question[0] it rises (+0.60 nats).");
  }

  @Test
  void whatIsPutInIsSaidAsAShareOfTheWay() {
    assertThat(Conclusion.of(map(Optional.of(at(0)), Optional.empty(), -4, -1, -3.9, -4), "red"))
        .startsWith("Layer 3, row 1, column 2 moves \u201cred\u201d most")
        .contains("75 % of the way from 1.8 % to 100 %", "No other of 3");
    assertThat(Conclusion.of(map(Optional.of(at(0)), Optional.empty(), -4, -3.8, -4.2), "red"))
        .startsWith("No single state moves \u201cred\u201d far")
        .contains("5.0 %");
  }

  @Test
  void theGateComesFirst() {
    TotalEffect weak = new TotalEffect(.01, 0, .1, 0, 1);

    assertThat(Conclusion.of(map(Optional.of(at(0)), Optional.of(weak), -.01, 0, 0), "red"))
        .startsWith("The corruption hardly moves \u201cred\u201d");
    assertThat(Conclusion.of(map(Optional.of(at(-.02)), Optional.empty(), -.01, 0, 0), "red"))
        .contains("has nothing to move");
  }

  @Test
  void numbersThatAreNoneAreNotSpokenOf() {
    assertThat(Conclusion.of(map(Optional.empty(), Optional.empty(), -1, Double.NaN), "red"))
        .isEqualTo("No changed run gave a finite number.");
  }
}
