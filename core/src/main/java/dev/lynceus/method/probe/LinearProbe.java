package dev.lynceus.method.probe;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Cholesky;
import java.util.Arrays;

/// A linear probe: reads one of several classes out of a state. Ridge regression of the classes'
/// indicators on standardised features, in closed form: `W = (Z^T Z + penalty n I)^-1 Z^T (Y - mean
/// Y)`, or, where there are fewer cases than features, the same as `Z^T (Z Z^T + penalty n I)^-1 (Y
/// - mean Y)`; and the class with the largest value is read. That a probe reads something shows
///   that it is there, not that the model uses it.
public final class LinearProbe {
  /// Penalty a case that is used unless another is given.
  public static final double PENALTY = .01;

  private final double[] mean;
  private final double[] scale;
  private final double[][] weights;
  private final double[] bias;

  private LinearProbe(double[] mean, double[] scale, double[][] weights, double[] bias) {
    this.mean = mean;
    this.scale = scale;
    this.weights = weights;
    this.bias = bias;
  }

  /// Fits a probe.
  ///
  /// @param states `[cases][width]`
  /// @param classes of each case, from 0
  /// @param count of classes
  /// @param penalty of the squared weights, a case
  /// @throws LynceusException BAD_REQUEST without cases
  public static LinearProbe fit(double[][] states, int[] classes, int count, double penalty) {
    int cases = states.length;
    if (cases == 0 || classes.length != cases) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a probe of %d states with %d classes".formatted(cases, classes.length),
          "Give as many classes as states, at least one.");
    }
    int width = states[0].length;
    double[] mean = new double[width];
    double[] scale = new double[width];
    for (int c = 0; c < width; c++) {
      double sum = 0;
      double squares = 0;
      for (double[] state : states) {
        sum += state[c];
        squares += state[c] * state[c];
      }
      mean[c] = sum / cases;
      double variance = squares / cases - mean[c] * mean[c];
      // A feature that never changes says nothing; it must not divide by zero.
      scale[c] = variance > 1e-12 ? 1 / Math.sqrt(variance) : 0;
    }
    double[] bias = new double[count];
    for (int one : classes) {
      bias[one] += 1.0 / cases;
    }
    double[][] z = new double[cases][width];
    double[][] y = new double[cases][count];
    for (int i = 0; i < cases; i++) {
      standardise(states[i], mean, scale, z[i]);
      for (int k = 0; k < count; k++) {
        y[i][k] = (classes[i] == k ? 1 : 0) - bias[k];
      }
    }
    double[][] weights =
        cases < width ? byCases(z, y, penalty * cases) : byFeatures(z, y, penalty * cases);
    return new LinearProbe(mean, scale, weights, bias);
  }

  private static double[][] byFeatures(double[][] z, double[][] y, double ridge) {
    int width = z[0].length;
    int count = y[0].length;
    double[][] square = new double[width][width];
    double[][] right = new double[width][count];
    for (int i = 0; i < z.length; i++) {
      for (int a = 0; a < width; a++) {
        double value = z[i][a];
        double[] row = square[a];
        for (int b = 0; b <= a; b++) {
          row[b] += value * z[i][b];
        }
        for (int k = 0; k < count; k++) {
          right[a][k] += value * y[i][k];
        }
      }
    }
    for (int a = 0; a < width; a++) {
      square[a][a] += ridge;
    }
    Cholesky.solve(square, right);
    return right;
  }

  private static double[][] byCases(double[][] z, double[][] y, double ridge) {
    int cases = z.length;
    int width = z[0].length;
    double[][] square = new double[cases][cases];
    for (int i = 0; i < cases; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = 0;
        for (int a = 0; a < width; a++) {
          sum += z[i][a] * z[j][a];
        }
        square[i][j] = sum;
      }
      square[i][i] += ridge;
    }
    Cholesky.solve(square, y);
    double[][] weights = new double[width][y[0].length];
    for (int i = 0; i < cases; i++) {
      for (int a = 0; a < width; a++) {
        for (int k = 0; k < weights[a].length; k++) {
          weights[a][k] += z[i][a] * y[i][k];
        }
      }
    }
    return weights;
  }

  /// A probe that reads classes by directions of the states as they are ([#direction(int)]).
  ///
  /// @param directions `[classes][width + 1]`
  static LinearProbe of(double[][] directions) {
    int width = directions[0].length - 1;
    double[] ones = new double[width];
    Arrays.fill(ones, 1);
    double[][] weights = new double[width][directions.length];
    double[] bias = new double[directions.length];
    for (int k = 0; k < directions.length; k++) {
      for (int a = 0; a < width; a++) {
        weights[a][k] = directions[k][a];
      }
      bias[k] = directions[k][width];
    }
    return new LinearProbe(new double[width], ones, weights, bias);
  }

  /// How many classes it tells apart.
  public int classes() {
    return bias.length;
  }

  /// The class that is read.
  public int read(double[] state) {
    double[] z = new double[mean.length];
    standardise(state, mean, scale, z);
    double[] values = bias.clone();
    for (int a = 0; a < z.length; a++) {
      for (int k = 0; k < values.length; k++) {
        values[k] += z[a] * weights[a][k];
      }
    }
    int best = 0;
    for (int k = 1; k < values.length; k++) {
      best = values[k] > values[best] ? k : best;
    }
    return best;
  }

  /// How many classes are read right.
  public int right(double[][] states, int[] classes) {
    int right = 0;
    for (int i = 0; i < states.length; i++) {
      right += read(states[i]) == classes[i] ? 1 : 0;
    }
    return right;
  }

  /// Weights of the standardised features, `[width][classes]`.
  double[][] weights() {
    return weights;
  }

  /// How a class is read from states as they are, `[width + 1]`: the weight of each feature, then
  /// what is added.
  public double[] direction(int one) {
    double[] direction = new double[mean.length + 1];
    direction[mean.length] = bias[one];
    for (int c = 0; c < mean.length; c++) {
      direction[c] = weights[c][one] * scale[c];
      direction[mean.length] -= direction[c] * mean[c];
    }
    return direction;
  }

  private static void standardise(double[] state, double[] mean, double[] scale, double[] z) {
    for (int c = 0; c < z.length; c++) {
      z[c] = (state[c] - mean[c]) * scale[c];
    }
  }
}
