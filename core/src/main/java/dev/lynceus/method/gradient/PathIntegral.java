package dev.lynceus.method.gradient;

import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// The gradient along a straight line, integrated by the midpoint rule and refined until what it
/// promises holds: by the fundamental theorem the shares of all coordinates add up to the
/// difference between the two ends. Each refinement puts two new points beside each old one, so
/// that no gradient is computed twice.
///
/// @param shares one for each coordinate of the line's direction, row by row
/// @param gap `|sum of shares - difference| / |difference|`
/// @param steps points that were used
// Plain numbers of a result; nothing compares these records.
@SuppressWarnings("ArrayRecordComponent")
public record PathIntegral(double[] shares, double gap, int steps) {
  /// Largest gap that is left where refining is allowed.
  public static final double SMALL = 0.005;

  /// How the points lie on the line.
  public enum Spacing {
    /// At equal distances, as the method was published.
    EVEN(1),
    /// Dense at the beginning, the line's share being the fourth power of evenly spaced numbers:
    /// for lines that begin at zero, where norms make large differences of the smallest inputs.
    GRADED(4);

    private final int power;

    Spacing(int power) {
      this.power = power;
    }

    private double[] shares(double[] even) {
      return DoubleStream.of(even).map(u -> Math.pow(u, power)).toArray();
    }

    private double[] weights(double[] even) {
      return DoubleStream.of(even).map(u -> power * Math.pow(u, power - 1)).toArray();
    }
  }

  /// Gradients at points of the line.
  @FunctionalInterface
  interface Slopes {

    /// Their weighted sum, float64, of the shape of the line's direction.
    ///
    /// @param shares of the line, between 0 and 1
    Tensor sum(double[] shares, double[] weights);
  }

  /// Integrates.
  ///
  /// @param direction from the line's beginning to its end
  /// @param difference what the shares shall add up to
  /// @param start points of the first attempt
  /// @param most points that may not be passed
  static PathIntegral of(
      Tensor direction, double difference, Spacing spacing, int start, int most, Slopes slopes) {
    try (Scope scope = Scope.open()) {
      Tensor wide = direction.to(DType.FLOAT64);
      int steps = start;
      Tensor sum = at(slopes, spacing, midpoints(steps, 1, 0));
      while (true) {
        Tensor shares = wide.mul(sum).div((double) steps);
        double gap = Math.abs(shares.sum().item() - difference) / Math.abs(difference);
        if (!(gap > SMALL) || 3L * steps > most) {
          return new PathIntegral(shares.toDoubles(), gap, steps);
        }
        steps *= 3;
        sum =
            sum.add(at(slopes, spacing, midpoints(steps, 3, 0)))
                .add(at(slopes, spacing, midpoints(steps, 3, 2)));
      }
    }
  }

  private static Tensor at(Slopes slopes, Spacing spacing, double[] even) {
    return slopes.sum(spacing.shares(even), spacing.weights(even));
  }

  /// Every so many of the midpoints of equal parts.
  private static double[] midpoints(int parts, int every, int first) {
    return IntStream.range(0, parts)
        .filter(i -> i % every == first)
        .mapToDouble(i -> (i + .5) / parts)
        .toArray();
  }
}
