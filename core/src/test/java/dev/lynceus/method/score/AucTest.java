package dev.lynceus.method.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.method.score.Auc.Case;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Areas that can be counted by hand, and labels that mean nothing.
class AucTest {
  private static List<Case> cases(double[] good, double[] bad) {
    List<Case> cases = new ArrayList<>();
    for (double score : good) {
      cases.add(new Case(score, true));
    }
    for (double score : bad) {
      cases.add(new Case(score, false));
    }
    return cases;
  }

  @Test
  void countedByHand() {
    assertThat(Auc.of(cases(new double[] {2, 3}, new double[] {0, 1})).value()).isEqualTo(1);
    assertThat(Auc.of(cases(new double[] {0, 1}, new double[] {2, 3})).value()).isZero();
    assertThat(Auc.of(cases(new double[] {1, 3}, new double[] {1, 2})).value())
        .as("one win, one tie, one loss, one win")
        .isEqualTo((.5 + 0 + 1 + 1) / 4);
    assertThat(Auc.of(cases(new double[] {1, Double.NaN}, new double[] {0})).of()).isEqualTo(2);
    assertThat(Auc.of(cases(new double[] {1}, new double[0])).value()).isNaN();
  }

  @Test
  void aRareKindHasAnIntervalWithTwoEnds() {
    // Of two bad cases among fifty a draw often has none: its area is not defined.
    double[] good = java.util.stream.IntStream.range(0, 48).mapToDouble(i -> i).toArray();
    Estimate area = Auc.of(cases(good, new double[] {3.5, 20.5}));
    assertThat(area.low()).isLessThanOrEqualTo(area.value());
    assertThat(area.high()).isGreaterThanOrEqualTo(area.value());
    assertThat(area.text()).matches("0\\.\\d{3} \\[0\\.\\d{3}, [01]\\.\\d{3}]");
    assertThat(Estimate.of(3, picked -> Double.NaN).text()).isEmpty();
  }

  @Test
  void labelsThatMeanNothingAreChance() {
    SplittableRandom random = new SplittableRandom(4);
    List<Case> cases = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      cases.add(new Case(random.nextDouble(), random.nextBoolean()));
    }
    Estimate area = Auc.of(cases);
    assertThat(area.low()).isLessThan(.5);
    assertThat(area.high()).isGreaterThan(.5);
    assertThat(area.high() - area.low()).isLessThan(.07);
  }

  @Test
  void theThresholdPartsBothKindsBest() {
    assertThat(Auc.threshold(cases(new double[] {4, 5, 9}, new double[] {1, 2}), 1)).isEqualTo(3);
    assertThat(Auc.threshold(cases(new double[] {3, 4, 5, 6}, new double[] {1, 2, 3.5, 3.6}), 1))
        .isCloseTo(3.8, within(1e-12));
    assertThat(Auc.threshold(cases(new double[] {1}, new double[0]), 1)).isNaN();
    assertThat(Auc.threshold(cases(new double[] {1, 5, 6, 7}, new double[] {0, 2, 3, 4}), .2))
        .as("no good one may be missed, so only the first bad one is caught")
        .isEqualTo(.5);
  }
}
