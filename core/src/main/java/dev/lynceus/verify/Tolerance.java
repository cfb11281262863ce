package dev.lynceus.verify;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;

/// How far two tensors may be apart: every difference must satisfy `|a - b| <= absolute + relative
/// * max|b|`, where the maximum is over the whole reference tensor. A limit that scales with each
///   single element would ask for more digits of the small ones than the sums behind them have.
///
/// @param absolute allowed whatever the values are
/// @param relative allowed in proportion to the largest reference value
public record Tolerance(double absolute, double relative) {

  /// Activations, logits and pixels in float32.
  public static final Tolerance STAGES = new Tolerance(1e-5, 1e-5);

  /// Gradients in float32. They pass back through every layer: against a float64 run the reference
  /// program's own are off by up to 1.8e-5 of their largest value, ours by up to 3.4e-5
  /// (docs/reference/parity.md).
  public static final Tolerance GRADIENTS = new Tolerance(1e-5, 5e-5);

  /// Values of explaining methods: differences of log probabilities.
  public static final Tolerance METHODS = new Tolerance(1e-4, 1e-5);

  public Tolerance {
    if (!(absolute >= 0) || !(relative >= 0)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a tolerance of %s + %s".formatted(absolute, relative),
          "Use numbers that are not negative, for example 1e-5.");
    }
  }

  /// The largest allowed difference.
  ///
  /// @param largest largest absolute reference value
  public double limit(double largest) {
    return absolute + relative * largest;
  }
}
