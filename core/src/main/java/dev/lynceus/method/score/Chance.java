package dev.lynceus.method.score;

import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// How often what was found comes by chance alone.
public final class Chance {
  private static final int DRAWS = 4999;

  /// The same draws for every quantity: a result is repeatable, and two of them can be compared.
  private static final long SEED = 95;

  private Chance() {}

  /// Two-sided chance of a sum of differences where nothing differs: the part of random signs under
  /// which it is as large, the signs at hand counted too.
  ///
  /// @param differences of independent items; what belongs together is one sum
  public static double ofSum(double[] differences) {
    SplittableRandom random = new SplittableRandom(SEED);
    double sum =
        Math.abs(IntStream.range(0, differences.length).mapToDouble(i -> differences[i]).sum());
    int asLarge = 1;
    for (int draw = 0; draw < DRAWS; draw++) {
      double drawn = 0;
      long bits = 0;
      for (int i = 0; i < differences.length; i++) {
        bits = i % 64 == 0 ? random.nextLong() : bits >>> 1;
        drawn += (bits & 1) == 0 ? differences[i] : -differences[i];
      }
      // Equal sums differ by rounding only.
      asLarge += Math.abs(drawn) >= sum - 1e-12 * (1 + sum) ? 1 : 0;
    }
    return asLarge / (double) (DRAWS + 1);
  }

  /// The least that such a chance can be: all signs as they are, or all reversed.
  public static double least(int items) {
    return Math.max(Math.min(1, Math.pow(2, 1.0 - items)), 1 / (double) (DRAWS + 1));
  }

  /// Chances corrected for all that stand together (Holm 1979), in the same order.
  public static double[] holm(double[] chances) {
    int[] order =
        IntStream.range(0, chances.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> chances[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] corrected = new double[chances.length];
    double largest = 0;
    for (int rank = 0; rank < order.length; rank++) {
      largest = Math.clamp(chances[order[rank]] * (order.length - rank), largest, 1);
      corrected[order[rank]] = largest;
    }
    return corrected;
  }
}
