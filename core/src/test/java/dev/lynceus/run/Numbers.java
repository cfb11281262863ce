package dev.lynceus.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.tensor.Tensor;
import java.util.Arrays;

/// Comparisons of activations.
public final class Numbers {
  private Numbers() {}

  /// Requires equal shapes and differences of at most `relative` times the largest finite number of
  /// `expected`. Infinities must lie in the same places.
  public static void close(String what, Tensor actual, Tensor expected, double relative) {
    assertThat(actual.shape()).as(what).isEqualTo(expected.shape());
    close(what, actual.toDoubles(), expected.toDoubles(), relative);
  }

  /// The same for plain numbers.
  public static void close(String what, double[] actual, double[] expected, double relative) {
    double difference = difference(actual, expected);
    double size = Arrays.stream(expected).filter(Double::isFinite).map(Math::abs).max().orElse(0);
    assertThat(difference).as(what).isLessThanOrEqualTo(relative * Math.max(size, 1e-6));
  }

  /// Requires the same numbers to the last bit.
  public static void same(String what, Tensor actual, Tensor expected) {
    assertThat(actual.shape()).as(what).isEqualTo(expected.shape());
    assertThat(difference(actual.toDoubles(), expected.toDoubles())).as(what).isZero();
  }

  /// The largest absolute difference; infinity where one is not a number or only one is infinite.
  public static double difference(double[] a, double[] b) {
    assertThat(a).hasSameSizeAs(b);
    double largest = 0;
    for (int i = 0; i < a.length; i++) {
      if (a[i] == b[i]) {
        continue;
      }
      double difference = Math.abs(a[i] - b[i]);
      largest = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(largest, difference);
    }
    return largest;
  }
}
