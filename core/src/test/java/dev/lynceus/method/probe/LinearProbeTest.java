package dev.lynceus.method.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// A probe reads what is there, and chance where labels mean nothing.
class LinearProbeTest {
  private static final int CLASSES = 4;
  private static final int WIDTH = 12;

  /// States around one centre a class, in a rotated space with one constant feature.
  private static double[][] states(int[] classes, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] centres = new double[CLASSES][WIDTH];
    SplittableRandom fixed = new SplittableRandom(3);
    for (double[] centre : centres) {
      for (int c = 0; c < WIDTH; c++) {
        centre[c] = 3 * fixed.nextGaussian();
      }
    }
    double[][] states = new double[classes.length][WIDTH];
    for (int i = 0; i < classes.length; i++) {
      for (int c = 0; c < WIDTH; c++) {
        states[i][c] = c == 0 ? 7 : centres[classes[i]][c] + random.nextGaussian();
      }
    }
    return states;
  }

  private static int[] classes(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] classes = new int[count];
    for (int i = 0; i < count; i++) {
      classes[i] = random.nextInt(CLASSES);
    }
    return classes;
  }

  @Test
  void whatIsThereIsRead() {
    int[] train = classes(300, 1);
    int[] test = classes(200, 2);
    LinearProbe probe = LinearProbe.fit(states(train, 1), train, CLASSES, LinearProbe.PENALTY);
    assertThat(probe.right(states(test, 9), test)).isGreaterThan(195);
  }

  @Test
  void labelsOfOthersGiveChance() {
    int[] train = classes(300, 1);
    int[] test = classes(400, 2);
    LinearProbe probe =
        LinearProbe.fit(states(train, 1), classes(300, 77), CLASSES, LinearProbe.PENALTY);
    assertThat(probe.right(states(test, 9), test) / 400.0).isBetween(.1, .42);
  }

  @Test
  void oneFeatureByHand() {
    // Features -1 and 1, standardised already; classes 0 and 1: w = n / 2 / (n + penalty n).
    double[][] states = {{-1}, {1}, {-1}, {1}};
    LinearProbe probe = LinearProbe.fit(states, new int[] {0, 1, 0, 1}, 2, .25);
    assertThat(probe.weights()[0][1]).isCloseTo(.5 / 1.25, within(1e-12));
    assertThat(probe.weights()[0][0]).isCloseTo(-.5 / 1.25, within(1e-12));
    assertThat(probe.read(new double[] {.2})).isEqualTo(1);
    assertThatThrownBy(() -> LinearProbe.fit(states, new int[] {1}, 2, 1))
        .hasMessageContaining("4 states with 1 classes");
  }
}
