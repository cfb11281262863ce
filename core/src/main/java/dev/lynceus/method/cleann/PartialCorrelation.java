package dev.lynceus.method.cleann;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Tests whether two variables are independent given others, by Fisher's z of the partial
/// correlation `r`: `p = 2 (1 - Phi(sqrt(n - |Z| - 3) |atanh r|))`; independent where `p > alpha`.
/// With `n = 128`, `alpha = 1e-5` and nothing given, dependence needs `|r| > 0.3757`.
public final class PartialCorrelation {
  private final double[][] correlation;
  private final int samples;
  private final double alpha;
  private final Map<List<Integer>, Boolean> known = new HashMap<>();

  /// @param correlation symmetric, ones on the diagonal
  /// @param samples what the correlations count as if they were estimated from; for attention a
  ///   setting, not a fact
  /// @param alpha level of the test, between 0 and 1
  public PartialCorrelation(double[][] correlation, int samples, double alpha) {
    if (samples < 4 || !(alpha > 0 && alpha < 1)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a test at level %s with %d samples".formatted(alpha, samples),
          "Use a level between 0 and 1 and at least 4 samples.");
    }
    this.correlation = correlation;
    this.samples = samples;
    this.alpha = alpha;
  }

  /// Correlations of the rows of an attention matrix over all columns, without centring: `C = M
  /// Mᵀ`, `rho_ij = C_ij / sqrt(C_ii C_jj)`.
  ///
  /// @param rows one for each variable
  public static double[][] ofRows(double[][] rows) {
    int n = rows.length;
    double[][] product = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = 0;
        for (int c = 0; c < rows[i].length; c++) {
          sum += rows[i][c] * rows[j][c];
        }
        product[i][j] = sum;
        product[j][i] = sum;
      }
    }
    double[][] correlation = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        correlation[i][j] =
            i == j ? 1 : product[i][j] / Math.sqrt(Math.max(1e-300, product[i][i] * product[j][j]));
      }
    }
    return correlation;
  }

  /// Number of variables.
  public int size() {
    return correlation.length;
  }

  /// Whether `x` and `y` are independent given `z`; answers are remembered. Too few samples for a
  /// test count as no sign of independence.
  public boolean independent(int x, int y, int... z) {
    int[] given = IntStream.of(z).sorted().toArray();
    List<Integer> key =
        IntStream.concat(IntStream.of(Math.min(x, y), Math.max(x, y)), IntStream.of(given))
            .boxed()
            .toList();
    return known.computeIfAbsent(
        key,
        k -> {
          double p = p(x, y, given);
          return p > alpha;
        });
  }

  /// The probability of so large a partial correlation if there were none; NaN with too few
  /// samples.
  public double p(int x, int y, int... z) {
    int freedom = samples - z.length - 3;
    if (freedom < 1) {
      return Double.NaN;
    }
    double r = Math.abs(partial(x, y, z));
    if (!(r < 1)) {
      return 0;
    }
    double fisher = 0.5 * Math.log((1 + r) / (1 - r));
    return tails(Math.sqrt(freedom) * fisher);
  }

  /// The partial correlation; NaN or beyond 1 where the given variables determine one of the two.
  public double partial(int x, int y, int... z) {
    if (z.length == 0) {
      return correlation[x][y];
    }
    int n = z.length + 2;
    int[] all = IntStream.concat(IntStream.of(x, y), IntStream.of(z)).toArray();
    double[][] a = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        a[i][j] = correlation[all[i]][all[j]];
      }
    }
    // What is left of the first two after the others have been swept out.
    for (int k = n - 1; k >= 2; k--) {
      if (!(a[k][k] > 1e-12)) {
        return Double.NaN;
      }
      for (int i = 0; i < k; i++) {
        double factor = a[i][k] / a[k][k];
        for (int j = 0; j < k; j++) {
          a[i][j] -= factor * a[k][j];
        }
      }
    }
    double scale = a[0][0] * a[1][1];
    return scale > 1e-24 ? a[0][1] / Math.sqrt(scale) : Double.NaN;
  }

  /// Probability that a standard normal number is farther from 0 than `z >= 0`: `erfc(z / sqrt 2)`,
  /// exact to many digits also where it is tiny.
  static double tails(double z) {
    double x = z / Math.sqrt(2);
    if (x > 26) {
      return 0;
    }
    if (x < 2) {
      double term = x;
      double sum = x;
      for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
        term *= -x * x / n;
        sum += term / (2 * n + 1);
      }
      return 1 - 2 / Math.sqrt(Math.PI) * sum;
    }
    double fraction = x;
    for (int k = 60; k >= 1; k--) {
      fraction = x + k / 2.0 / fraction;
    }
    return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
  }
}
