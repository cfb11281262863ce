package dev.lynceus.lab.vote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// What votes come to, by identities and by simulated explanations.
class EnsembleTest {
  private static Ensemble.Vote vote(int label, double weight, Double... p) {
    return new Ensemble.Vote(label, List.of(p), weight);
  }

  private static List<Ensemble.Vote> random(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Ensemble.Vote> votes = new ArrayList<>();
    for (int j = 0; j < count; j++) {
      double a = random.nextDouble();
      double b = random.nextDouble();
      double c = random.nextDouble();
      double sum = a + b + c;
      votes.add(vote(random.nextInt(3), random.nextDouble(), a / sum, b / sum, c / sum));
    }
    return votes;
  }

  @Test
  void equalWeightsAreTheSoftMeanAndSoIsAGammaOfNothing() {
    List<Ensemble.Vote> votes =
        random(1, 9).stream()
            .map(v -> new Ensemble.Vote(v.label(), v.probabilities(), .3))
            .toList();
    Ensemble ensemble = new Ensemble(votes, 1);
    assertThat(ensemble.ease()).containsExactly(ensemble.soft(), within(1e-12));
    Ensemble flat = new Ensemble(random(2, 9), 0);
    assertThat(flat.ease()).containsExactly(flat.soft(), within(1e-12));
    Ensemble other = new Ensemble(random(2, 9), 1);
    assertThat(Math.abs(other.ease()[0] - other.soft()[0])).isGreaterThan(1e-3);
  }

  @Test
  void certainProbabilitiesWithEqualWeightsAreTheMajority() {
    Ensemble ensemble =
        new Ensemble(List.of(vote(0, 1, 1.0, 0.0), vote(1, 1, 0.0, 1.0), vote(1, 1, 0.0, 1.0)), 1);
    assertThat(ensemble.ease()).containsExactly(ensemble.majority(), within(1e-12));
    assertThat(Ensemble.best(ensemble.ease())).isEqualTo(1);
  }

  @Test
  void oneVoteIsItsOwnMostProbableLabel() {
    Ensemble one = new Ensemble(List.of(vote(0, .01, .2, .7, .1)), 1);
    assertThat(one.ease()).containsExactly(new double[] {.2, .7, .1}, within(1e-12));
    assertThat(Ensemble.best(one.ease())).isEqualTo(1);
  }

  @Test
  void distributionsAddUpWhateverTheOrderAndTheScaleOfWeights() {
    for (long seed = 0; seed < 50; seed++) {
      List<Ensemble.Vote> votes = random(seed, 7);
      Ensemble ensemble = new Ensemble(votes, 1.5);
      List<Ensemble.Vote> mixed =
          new ArrayList<>(
              votes.stream()
                  .map(v -> new Ensemble.Vote(v.label(), v.probabilities(), 17 * v.weight()))
                  .toList());
      Collections.shuffle(mixed, new Random(seed));
      Ensemble other = new Ensemble(mixed, 1.5);
      assertThat(java.util.Arrays.stream(ensemble.ease()).sum()).isCloseTo(1, within(1e-12));
      assertThat(java.util.Arrays.stream(ensemble.majority()).sum()).isCloseTo(1, within(1e-12));
      assertThat(other.ease()).containsExactly(ensemble.ease(), within(1e-12));
      assertThat(other.majority()).containsExactly(ensemble.majority(), within(1e-12));
      assertThat(Ensemble.best(other.ease())).isEqualTo(Ensemble.best(ensemble.ease()));
    }
  }

  @Test
  void tiesAreDecidedByTheFirstLabelInAnyOrder() {
    Ensemble tie =
        new Ensemble(List.of(vote(0, .1, .9, .1), vote(1, .1, .1, .9), vote(0, .1, .5, .5)), 1);
    assertThat(Ensemble.best(tie.ease())).isZero();
    List<Ensemble.Vote> turned = new ArrayList<>(tie.votes());
    Collections.reverse(turned);
    assertThat(Ensemble.best(new Ensemble(turned, 1).ease())).isZero();
  }

  @Test
  void weightsOfNothingCountAsEqual() {
    Ensemble none = new Ensemble(List.of(vote(0, 0, .9, .1), vote(1, 0, .3, .7)), 1);
    assertThat(none.ease()).containsExactly(none.soft(), within(1e-12));
  }

  @Test
  void theAreaIsHowOftenARightOneWeighsMore() {
    assertThat(Ensemble.area(List.of(.9, .1), List.of(true, false))).isEqualTo(1);
    assertThat(Ensemble.area(List.of(.1, .9), List.of(true, false))).isZero();
    assertThat(Ensemble.area(List.of(.4, .4, .4), List.of(true, false, true))).isEqualTo(.5);
    assertThat(Ensemble.area(List.of(.4, .5), List.of(true, true))).isNaN();
  }

  /// Explanations that are right with probability 0.6; what they make probable, and what they
  /// weigh, tells that only as far as `told` and `apart` say.
  private static double[] simulated(double apart, long seed) {
    Random random = new Random(seed);
    int draws = 10_000;
    double ease = 0;
    double soft = 0;
    double majority = 0;
    List<Double> weights = new ArrayList<>();
    List<Boolean> rights = new ArrayList<>();
    for (int draw = 0; draw < draws; draw++) {
      List<Ensemble.Vote> votes = new ArrayList<>();
      for (int j = 0; j < 9; j++) {
        boolean right = random.nextDouble() < .6;
        double p = 1 / (1 + Math.exp(-(right ? 1 : -1) - random.nextGaussian()));
        double drawn = random.nextDouble() < p ? 0 : 1;
        double weight = 1 / (1 + Math.exp(-(right ? apart : 0) - random.nextGaussian()));
        votes.add(vote((int) drawn, weight, p, 1 - p));
        if (weights.size() < 500) {
          weights.add(weight);
          rights.add(right);
        }
      }
      Ensemble ensemble = new Ensemble(votes, 1);
      ease += Ensemble.best(ensemble.ease()) == 0 ? 1 : 0;
      soft += Ensemble.best(ensemble.soft()) == 0 ? 1 : 0;
      majority += Ensemble.best(ensemble.majority()) == 0 ? 1 : 0;
    }
    return new double[] {
      ease / draws, soft / draws, majority / draws, Ensemble.area(weights, rights)
    };
  }

  @Test
  void weightsThatTellRightFromWrongWin() {
    // Two normal distributions 1.19 apart overlap to an area of 0.8.
    double[] found = simulated(1.19, 1);
    assertThat(found[3]).isCloseTo(.8, within(.04));
    double error = Math.sqrt(.25 / 10_000);
    assertThat(found[0]).as("EASE beside majority").isGreaterThan(found[2] + 4 * error);
    assertThat(found[0]).as("EASE beside soft").isGreaterThan(found[1] + 2 * error);
  }

  @Test
  void weightsThatTellNothingChangeNothing() {
    double[] found = simulated(0, 2);
    double error = Math.sqrt(.25 / 10_000);
    assertThat(found[3]).isCloseTo(.5, within(.04));
    assertThat(found[0]).as("EASE beside soft").isCloseTo(found[1], within(4 * error));
  }
}
