package dev.lynceus.lab.measure;

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

    Agreement same = Agreement.of("a", heads, "a", heads, 8);
    Agreement chance = Agreement.of("a", heads, "b", others, 8);

    assertThat(same.shared().value()).isEqualTo(10);
    assertThat(same.spearman().value()).isCloseTo(1, within(1e-12));
    assertThat(same.p()).isLessThan(.001);
    // Ten of 32 and ten of 32: 100 / 32 by chance.
    assertThat(same.chance()).isCloseTo(100 / 32., within(.1));
    assertThat(chance.shared().value()).isLessThanOrEqualTo(6);
    assertThat(Math.abs(chance.spearman().value())).isLessThan(.5);
    assertThat(chance.p()).isBetween(.005, .995);
  }

  /// Where one layer is better than all others, any two rankings share it; only chance inside
  /// layers says so.
  @Test
  void chanceInsideLayersKnowsThatTheBestHeadsLieInFewLayers() {
    double[][] first = layered(new SplittableRandom(3));
    double[][] second = layered(new SplittableRandom(4));
    Agreement agreement = Agreement.of("a", first, "b", second, 8);

    assertThat(agreement.chance()).isCloseTo(100 / 32., within(.1));
    // All eight of the best layer, and two of eight of the next: 8 + 2 * 2 / 8.
    assertThat(agreement.within()).isCloseTo(8.5, within(.1));
    assertThat(agreement.p()).isLessThan(.01);
    assertThat(agreement.withinP()).isGreaterThan(.01);
  }

  private static double[][] layered(SplittableRandom random) {
    double[] means =
        IntStream.range(0, 32)
            .mapToDouble(h -> Math.floorDiv(h, 8) + .5 * random.nextDouble())
            .toArray();
    return new double[][] {means, means};
  }

  @Test
  void otherHeadsComeFromTheSameLayersAndAreOthers() {
    int[] best = {3, 9, 10, 11, 24, 25, 26, 27, 28, 29};
    for (int draw = 0; draw < 50; draw++) {
      int[] others = LayerDraws.others(best, 8, new SplittableRandom(draw));
      assertThat(others).doesNotHaveDuplicates().doesNotContain(best);
      // Of the last layer only two are left.
      assertThat(IntStream.of(others).map(h -> h / 8)).containsExactly(0, 1, 1, 1, 3, 3);
    }
  }

  @Test
  void placesAmongColoursCountTiesAgainstTheWord() {
    WordRanks ranks = new WordRanks(new float[] {1, 3, 2, 3, 9}, 5);
    int[] colours = {0, 1, 2, 3};
    assertThat(ranks.place(0, 1, colours)).isEqualTo(2);
    assertThat(ranks.place(0, 2, colours)).isEqualTo(3);
    assertThat(ranks.place(0, 0, colours)).isEqualTo(4);
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
