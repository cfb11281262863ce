package dev.lynceus.method.score;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// Rankings, and how far two of them agree.
public final class Ranks {
  private Ranks() {}

  /// Indices of all values, those of the largest values first.
  public static int[] ranking(double[] values) {
    return IntStream.range(0, values.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -values[i]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /// How many of the `count` largest of the one are among the `count` largest of the other.
  public static double shared(double[] a, double[] b, int count) {
    int kept = Math.min(count, a.length);
    int[] second = Arrays.copyOf(ranking(b), kept);
    return IntStream.of(Arrays.copyOf(ranking(a), kept))
        .filter(i -> IntStream.of(second).anyMatch(j -> j == i))
        .count();
  }

  /// Rank correlation: that of Pearson between ranks, equal values sharing the mean of their ranks.
  public static double spearman(double[] a, double[] b) {
    double[] x = ranks(a);
    double[] y = ranks(b);
    double middle = (a.length - 1) / 2.0;
    double xy = 0;
    double xx = 0;
    double yy = 0;
    for (int i = 0; i < x.length; i++) {
      xy += (x[i] - middle) * (y[i] - middle);
      xx += (x[i] - middle) * (x[i] - middle);
      yy += (y[i] - middle) * (y[i] - middle);
    }
    return xy / Math.sqrt(xx * yy);
  }

  private static double[] ranks(double[] values) {
    int[] order = ranking(values);
    double[] ranks = new double[values.length];
    for (int i = 0; i < order.length; ) {
      int end = i;
      while (end < order.length && values[order[end]] == values[order[i]]) {
        end++;
      }
      for (int j = i; j < end; j++) {
        ranks[order[j]] = (i + end - 1) / 2.0;
      }
      i = end;
    }
    return ranks;
  }
}
