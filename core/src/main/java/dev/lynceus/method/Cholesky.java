package dev.lynceus.method;

import java.util.Arrays;

/// Systems of linear equations whose matrix is positive definite, by Cholesky's method.
public final class Cholesky {
  private Cholesky() {}

  /// The solution of a system.
  ///
  /// @param square positive definite; destroyed
  public static double[] solved(double[][] square, double[] right) {
    double[][] columns = new double[right.length][1];
    Arrays.setAll(columns, i -> new double[] {right[i]});
    solve(square, columns);
    return Arrays.stream(columns).mapToDouble(row -> row[0]).toArray();
  }

  /// Solves several in place.
  ///
  /// @param square positive definite, its lower triangle; destroyed
  /// @param right right sides, which become the solutions
  public static void solve(double[][] square, double[][] right) {
    int n = square.length;
    for (int j = 0; j < n; j++) {
      double diagonal = square[j][j];
      for (int k = 0; k < j; k++) {
        diagonal -= square[j][k] * square[j][k];
      }
      square[j][j] = Math.sqrt(diagonal);
      for (int i = j + 1; i < n; i++) {
        double value = square[i][j];
        for (int k = 0; k < j; k++) {
          value -= square[i][k] * square[j][k];
        }
        square[i][j] = value / square[j][j];
      }
    }
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < i; k++) {
        subtract(right[i], right[k], square[i][k]);
      }
      divide(right[i], square[i][i]);
    }
    for (int i = n - 1; i >= 0; i--) {
      for (int k = i + 1; k < n; k++) {
        subtract(right[i], right[k], square[k][i]);
      }
      divide(right[i], square[i][i]);
    }
  }

  private static void subtract(double[] row, double[] other, double factor) {
    for (int c = 0; c < row.length; c++) {
      row[c] -= factor * other[c];
    }
  }

  private static void divide(double[] row, double value) {
    Arrays.setAll(row, c -> row[c] / value);
  }
}
