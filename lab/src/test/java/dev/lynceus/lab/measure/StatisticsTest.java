package dev.lynceus.lab.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.method.score.Estimate;
import dev.lynceus.method.score.Share;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StatisticsTest {

  @Test
  void wilsonsIntervalIsThatOfTheBooks() {
    // Newcombe (1998), table I: 81 of 263, and 0 of 20.
    Share some = Share.of(81, 263);
    assertThat(some.low()).isCloseTo(.2553, within(5e-5));
    assertThat(some.high()).isCloseTo(.3662, within(5e-5));
    assertThat(Share.of(0, 20).low()).isZero();
    assertThat(Share.of(0, 20).high()).isCloseTo(.1611, within(5e-5));
  }

  @Test
  void nothingMeasuredIsNotNothing() {
    assertThat(Share.of(0, 0).share()).isNaN();
    assertThat(Estimate.mean(Double.NaN).value()).isNaN();
    assertThat(Share.of(0, 0).text()).isEmpty();
  }

  @Test
  void theBootstrapOfAMeanComesNearTheTextbook() {
    double[] values = IntStream.range(0, 400).mapToDouble(i -> i % 2).toArray();

    Estimate mean = Estimate.mean(values);

    assertThat(mean.value()).isEqualTo(.5);
    // 1.96 * .5 / sqrt(400) = .049
    assertThat(mean.low()).isCloseTo(.451, within(.006));
    assertThat(mean.high()).isCloseTo(.549, within(.006));
    assertThat(Estimate.mean(values)).isEqualTo(mean);
  }

  @Test
  void aConstantHasNoInterval() {
    double[] values = new double[50];
    Arrays.fill(values, 3);

    assertThat(Estimate.mean(values)).isEqualTo(new Estimate(3, 3, 3, 50));
  }
}
