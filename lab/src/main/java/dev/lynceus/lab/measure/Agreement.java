package dev.lynceus.lab.measure;

import dev.lynceus.method.score.Estimate;
import dev.lynceus.method.score.Ranks;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// How far two rankings of the same heads agree.
///
/// @param first what the first ranking is of
/// @param second what the second is of
/// @param shared how many of the ten best heads of the one are among the ten best of the other
/// @param sharedFive the same for the five best
/// @param spearman rank correlation over all heads (Spearman)
/// @param chance mean of `shared` where heads are paired at random
/// @param within mean of `shared` where heads are paired at random inside their layers: the chance
///   that counts, since the best heads of any question lie in the same few layers
/// @param withinHigh what `shared` stays below in 95 % of pairings inside layers, or reaches
/// @param withinP part of pairings inside layers whose rank correlation is at least as large
/// @param chanceHigh what `shared` stays below in 95 % of random pairings, or reaches
/// @param p part of random pairings whose rank correlation is at least as large, at least one in as
///   many as were drawn
public record Agreement(
    String first,
    String second,
    Estimate shared,
    Estimate sharedFive,
    Estimate spearman,
    double chance,
    double chanceHigh,
    double p,
    double within,
    double withinHigh,
    double withinP) {
  private static final int PAIRINGS = 2000;
  private static final int TEN = 10;

  /// Compares mean values of heads.
  ///
  /// @param first `[scenes][heads]`
  /// @param second the same scenes and heads
  /// @param perLayer heads of a layer
  static Agreement of(String one, double[][] first, String other, double[][] second, int perLayer) {
    double[] a = mean(first, all(first));
    double[] b = mean(second, all(second));
    SplittableRandom random = new SplittableRandom(11);
    // All heads as one layer: anyone may change places with anyone.
    Chance anywhere = Chance.of(a, b, a.length, random);
    Chance within = Chance.of(a, b, perLayer, random);
    return new Agreement(
        one,
        other,
        Estimate.of(first.length, some -> Ranks.shared(mean(first, some), mean(second, some), TEN)),
        Estimate.of(first.length, some -> Ranks.shared(mean(first, some), mean(second, some), 5)),
        Estimate.of(first.length, some -> Ranks.spearman(mean(first, some), mean(second, some))),
        anywhere.mean(),
        anywhere.high(),
        anywhere.p(),
        within.mean(),
        within.high(),
        within.p());
  }

  /// What pairings at random give.
  private record Chance(double mean, double high, double p) {
    static Chance of(double[] a, double[] b, int perLayer, SplittableRandom random) {
      double correlation = Ranks.spearman(a, b);
      double[] overlaps = new double[PAIRINGS];
      int reached = 1;
      for (int i = 0; i < PAIRINGS; i++) {
        double[] shuffled = LayerDraws.shuffled(b, perLayer, random);
        overlaps[i] = Ranks.shared(a, shuffled, TEN);
        reached += Ranks.spearman(a, shuffled) >= correlation ? 1 : 0;
      }
      Arrays.sort(overlaps);
      return new Chance(
          Arrays.stream(overlaps).average().orElse(Double.NaN),
          overlaps[PAIRINGS - 1 - PAIRINGS / 20],
          reached / (double) (PAIRINGS + 1));
    }
  }

  private static int[] all(double[][] rows) {
    return IntStream.range(0, rows.length).toArray();
  }

  /// Mean of some rows, `[heads]`.
  static double[] mean(double[][] rows, int[] some) {
    double[] mean = new double[rows.length == 0 ? 0 : rows[0].length];
    for (int row : some) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += rows[row][i] / some.length;
      }
    }
    return mean;
  }
}
