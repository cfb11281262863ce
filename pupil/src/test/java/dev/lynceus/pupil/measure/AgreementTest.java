package dev.lynceus.pupil.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.method.score.Ranks;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AgreementTest {

  @Test
  void spearmanSharesTheRanksOfEqualValues() {
    // Ranks 4, 3, 1.5, 1.5 and 4, 3, 2, 1: 4.5 / sqrt(4.5 * 5).
    assertThat(Ranks.spearman(new double[] {4, 3, 1, 1}, new double[] {9, 7, 5, 2}))
        .isCloseTo(4.5 / Math.sqrt(22.5), within(1e-12));
    assertThat(Ranks.spearman(new double[] {1, 2, 3}, new double[] {30, 20, 10})).isEqualTo(-1);
  }

  @Test
  void theSameHeadsAgreeAndShuffledHeadsAgreeByChance() {
    double[][] heads = heads(new SplittableRandom(1));
    double[][] others = heads(new SplittableRandom(2));

    Agreement same = Agreement.of("a", heads, "a", heads);
    Agreement chance = Agreement.of("a", heads, "b", others);

    assertThat(same.shared().value()).isEqualTo(10);
    assertThat(same.spearman().value()).isCloseTo(1, within(1e-12));
    assertThat(same.p()).isLessThan(.001);
    // Ten of 32 and ten of 32: 100 / 32 by chance.
    assertThat(same.chance()).isCloseTo(100 / 32., within(.1));
    assertThat(chance.shared().value()).isLessThanOrEqualTo(6);
    assertThat(Math.abs(chance.spearman().value())).isLessThan(.5);
    assertThat(chance.p()).isBetween(.005, .995);
  }

  /// Scenes in which each head has its own mean and a little noise.
  private static double[][] heads(SplittableRandom random) {
    double[] means = random.doubles(32).toArray();
    return IntStream.range(0, 20)
        .mapToObj(scene ->
            IntStream.range(0, 32).mapToDouble(h -> means[h] + .01 * random.nextDouble()).toArray())
        .toArray(double[][]::new);
  }

  @Test
  void theRankOfAWordCountsThoseBeforeIt() {
    WordRanks ranks = new WordRanks(new float[] {1, 3, 2, 3, 3, 9}, 3);

    assertThat(ranks.rows()).isEqualTo(2);
    assertThat(ranks.rank(0, 1)).isEqualTo(1);
    assertThat(ranks.rank(0, 0)).isEqualTo(3);
    // Equal scores come before: nothing is gained by a tie.
    assertThat(ranks.rank(1, 0)).isEqualTo(3);
    assertThat(ranks.reciprocal(0, 2, 2)).isEqualTo((1 / 2. + 1) / 2);
    assertThat(ranks.reciprocal(0, 0, 2)).isNaN();
  }
}
