package dev.lynceus.method.causal;

import java.util.Arrays;

/// Sums over a few states, in double precision.
final class Vectors {
  private static final int TURNS = 1000;
  private static final double STILL = 1e-13;

  private Vectors() {}

  static double dot(double[] one, double[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += one[i] * other[i];
    }
    return sum;
  }

  static double length(double[] vector) {
    return Math.sqrt(dot(vector, vector));
  }

  static double[] minus(double[] one, double[] other) {
    double[] result = one.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] -= other[i];
    }
    return result;
  }

  static double[] times(double[] vector, double factor) {
    return Arrays.stream(vector).map(value -> value * factor).toArray();
  }

  static float[] floats(double[] vector) {
    float[] result = new float[vector.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = (float) vector[i];
    }
    return result;
  }

  /// @param rows `[n][width]`, n at least 1
  static double[] mean(double[][] rows) {
    double[] sum = new double[rows[0].length];
    for (double[] row : rows) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += row[i] / rows.length;
      }
    }
    return sum;
  }

  /// The unit vector along which rows vary most about their mean; zero where they do not vary. By
  /// powers of the products of the rows with each other, `[n][n]`, which are few where states are
  /// wide.
  static double[] principal(double[][] rows) {
    double[] mean = mean(rows);
    double[][] centred = Arrays.stream(rows).map(row -> minus(row, mean)).toArray(double[][]::new);
    int n = rows.length;
    double[][] gram = new double[n][n];
    int largest = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        gram[i][j] = dot(centred[i], centred[j]);
        gram[j][i] = gram[i][j];
      }
      largest = gram[i][i] > gram[largest][largest] ? i : largest;
    }
    if (gram[largest][largest] == 0) {
      return new double[mean.length];
    }
    // A row of the products lies in the space that they span, and has a part along the longest.
    double[] weights = times(gram[largest], 1 / length(gram[largest]));
    for (int turn = 0; turn < TURNS; turn++) {
      double[] before = weights;
      double[] next = Arrays.stream(gram).mapToDouble(row -> dot(row, before)).toArray();
      weights = times(next, 1 / length(next));
      if (length(minus(weights, before)) < STILL) {
        break;
      }
    }
    double[] axis = new double[mean.length];
    for (int i = 0; i < n; i++) {
      for (int c = 0; c < axis.length; c++) {
        axis[c] += weights[i] * centred[i][c];
      }
    }
    return times(axis, 1 / length(axis));
  }
}
