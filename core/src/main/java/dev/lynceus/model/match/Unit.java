package dev.lynceus.model.match;

import dev.lynceus.tensor.Tensor;

/// Vectors of length one.
public final class Unit {
  /// What the reference library divides by at least.
  private static final double LEAST = 1e-12;

  private Unit() {}

  /// Each vector divided by its length.
  ///
  /// @param vectors `[..., width]`
  public static Tensor of(Tensor vectors) {
    return vectors.div(vectors.square().sum(-1).sqrt().clampMin(LEAST).unsqueeze(-1));
  }
}
