package dev.lynceus.method.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// A feature that was planted is read, and gone once its directions are taken out; labels that mean
/// nothing are read at chance, and random directions take nothing away.
class SubspaceTest {
  private static final int CASES = 2000;
  private static final int WIDTH = 24;
  private static final double CHANCE = .5;

  /// Noise, with one direction along which the label decides.
  private static double[][] states(int[] labels, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    SplittableRandom fixed = new SplittableRandom(5);
    double[] planted = new double[WIDTH];
    for (int c = 0; c < WIDTH; c++) {
      planted[c] = fixed.nextGaussian();
    }
    double[][] states = new double[labels.length][WIDTH];
    for (int i = 0; i < labels.length; i++) {
      for (int c = 0; c < WIDTH; c++) {
        states[i][c] = random.nextGaussian() + (labels[i] == 1 ? 1 : -1) * planted[c];
      }
    }
    return states;
  }

  private static int[] labels(long seed) {
    return new SplittableRandom(seed).ints(CASES, 0, 2).toArray();
  }

  private final int[] train = labels(1);
  private final int[] test = labels(2);
  private final double[][] states = states(train, 3);
  private final double[][] others = states(test, 4);

  private double read(double[][] some, int[] known, double[][] more) {
    return LinearProbe.fit(some, known, 2, LinearProbe.PENALTY).right(more, test) / (double) CASES;
  }

  @Test
  void whatIsPlantedIsReadAndNothingElse() {
    double right = read(states, train, others);
    double shuffled = read(states, labels(9), others);

    assertThat(right).isGreaterThan(.99);
    assertThat(shuffled).isCloseTo(CHANCE, within(.2));
    assertThat(right - shuffled).isGreaterThan(.3);
  }

  @Test
  void whatIsTakenOutIsGoneAndRandomDirectionsAreNot() {
    double error = 3 * Math.sqrt(.25 / CASES) + .02;
    Subspace means = Subspace.ofMeans(states, train, 2);
    assertThat(means.rank()).isEqualTo(1);
    assertThat(read(means.without(states), train, means.without(others)))
        .as("a fresh probe")
        .isCloseTo(CHANCE, within(error));
    LinearProbe probe = LinearProbe.fit(states, train, 2, LinearProbe.PENALTY);
    Subspace weights = Subspace.of(probe, WIDTH);
    assertThat(weights.rank()).isEqualTo(1);
    assertThat(probe.right(weights.without(others), test) / (double) CASES)
        .as("the probe itself")
        .isCloseTo(CHANCE, within(error));
    Subspace random = Subspace.random(WIDTH, 1, 7);
    assertThat(read(random.without(states), train, random.without(others))).isGreaterThan(.99);
  }

  @Test
  void whatIsTakenOutLeavesNothingAlongAnyDirectionAndIsTakenOutOnce() {
    Subspace space = Subspace.random(WIDTH, 4, 3);
    space.add(Subspace.random(WIDTH, 4, 3));
    assertThat(space.rank()).as("the same directions again").isEqualTo(4);

    double[] once = space.without(others[0]);
    double[] twice = space.without(once);

    for (int c = 0; c < WIDTH; c++) {
      assertThat(twice[c]).isEqualTo(once[c], within(1e-12));
    }
    assertThat(Subspace.random(WIDTH, 99, 1).rank()).isEqualTo(WIDTH);
    assertThat(Subspace.random(WIDTH, WIDTH, 1).without(others[0]))
        .usingComparatorWithPrecision(1e-9)
        .containsOnly(0.);
  }

  /// Few cases of many features are fitted by another formula, which gives the same probe.
  @Test
  void fewCasesAreFittedAsManyAre() {
    int few = WIDTH - 4;
    double[][] some = java.util.Arrays.copyOf(states, few);
    int[] known = java.util.Arrays.copyOf(train, few);
    LinearProbe byCases = LinearProbe.fit(some, known, 2, .1);
    // The same cases twice have the same probe, and are more than there are features.
    double[][] doubled = new double[2 * few][];
    int[] labels = new int[2 * few];
    for (int i = 0; i < 2 * few; i++) {
      doubled[i] = some[i % few];
      labels[i] = known[i % few];
    }
    LinearProbe byFeatures = LinearProbe.fit(doubled, labels, 2, .1);

    for (int k = 0; k < 2; k++) {
      double[] one = byCases.direction(k);
      double[] other = byFeatures.direction(k);
      for (int c = 0; c < one.length; c++) {
        assertThat(one[c]).isEqualTo(other[c], within(1e-9));
      }
    }
  }
}
