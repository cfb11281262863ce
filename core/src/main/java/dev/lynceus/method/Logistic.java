package dev.lynceus.method;

import java.util.function.IntToDoubleFunction;

/// Logistic regression by Newton's method, with squared weights held down.
public final class Logistic {
  /// Steps of Newton's method; it has converged long before.
  private static final int STEPS = 40;

  private Logistic() {}

  /// The weights that make `1 / (1 + exp(-weights · row))` the likeliest.
  ///
  /// @param rows of numbers, a case each; what is added to every case is a column of ones
  /// @param truth of each case, 0 to 1
  /// @param penalty what squared weights cost, a case
  public static double[] fit(double[][] rows, IntToDoubleFunction truth, double penalty) {
    int n = rows[0].length;
    double[] weights = new double[n];
    for (int step = 0; step < STEPS; step++) {
      double[][] curve = new double[n][n];
      double[] slope = new double[n];
      for (int k = 0; k < n; k++) {
        curve[k][k] = penalty * rows.length + 1e-9;
        slope[k] = -penalty * rows.length * weights[k];
      }
      for (int i = 0; i < rows.length; i++) {
        double sum = 0;
        for (int k = 0; k < n; k++) {
          sum += weights[k] * rows[i][k];
        }
        double p = 1 / (1 + Math.exp(-sum));
        double error = truth.applyAsDouble(i) - p;
        for (int a = 0; a < n; a++) {
          slope[a] += error * rows[i][a];
          for (int b = 0; b < n; b++) {
            curve[a][b] += p * (1 - p) * rows[i][a] * rows[i][b];
          }
        }
      }
      double[] change = Cholesky.solved(curve, slope);
      for (int k = 0; k < n; k++) {
        weights[k] += change[k];
      }
    }
    return weights;
  }
}
