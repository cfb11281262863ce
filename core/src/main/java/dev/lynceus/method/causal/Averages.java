package dev.lynceus.method.causal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Means of cells that were run several times, with 95 % intervals by Student's t.
///
/// @param means one for each cell
/// @param spreads half widths of the intervals; empty for a single run
record Averages(List<Measures> means, Optional<List<Measures>> spreads) {

  /// Two-sided 95 % quantiles of Student's t for 1 to 30 degrees of freedom.
  private static final double[] QUANTILES = {
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160,
    2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056,
    2.052, 2.048, 2.045, 2.042
  };

  /// For more degrees of freedom than the table has.
  private static final double NORMAL = 1.96;

  /// Averages over the outer list.
  ///
  /// @param runs `[run][cell]`, at least one run
  static Averages of(List<List<Measures>> runs) {
    List<Measures> means = new ArrayList<>();
    List<Measures> spreads = new ArrayList<>();
    int count = runs.size();
    for (int cell = 0; cell < runs.getFirst().size(); cell++) {
      int at = cell;
      double[][] values = runs.stream().map(run -> run.get(at).numbers()).toArray(double[][]::new);
      double[] mean = new double[values[0].length];
      double[] spread = new double[mean.length];
      for (int i = 0; i < mean.length; i++) {
        for (double[] run : values) {
          mean[i] += run[i] / count;
        }
        int number = i;
        double[] column = Arrays.stream(values).mapToDouble(run -> run[number]).toArray();
        spread[i] = count == 1 ? 0 : quantile(count - 1) * Math.sqrt(squareError(column));
      }
      means.add(Measures.of(mean));
      spreads.add(Measures.of(spread));
    }
    return new Averages(means, count == 1 ? Optional.empty() : Optional.of(spreads));
  }

  /// The square of the standard error of the mean of two values or more.
  static double squareError(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    return squares / (values.length - 1) / values.length;
  }

  /// The two-sided 95 % quantile of Student's t.
  ///
  /// @param freedom degrees of freedom, 1 or more
  static double quantile(int freedom) {
    return freedom <= QUANTILES.length ? QUANTILES[freedom - 1] : NORMAL;
  }
}
