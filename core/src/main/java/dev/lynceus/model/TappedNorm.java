package dev.lynceus.model;

import dev.lynceus.nn.Norm;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.Tensor;

/// The places at a norm: what it divides by, what it has divided, and its output with its weight.
/// Fused as one operation unless the middle one is asked for.
///
/// @param scale `[..., 1]`
/// @param normalized before the weight, `[..., width]`
/// @param out `[..., width]`
public record TappedNorm(Point scale, Point normalized, Point out) {

  /// The norm of `x`, through the tap.
  ///
  /// @param x `[..., width]`
  /// @param layer 0 for a norm that exists once
  public Tensor apply(Norm norm, int layer, Tensor x, Tap tap) {
    return tap.at(out, layer, inner(norm, layer, x, tap));
  }

  /// The same without the place at its output, which the caller shows itself.
  public Tensor inner(Norm norm, int layer, Tensor x, Tap tap) {
    if (tap.wants(scale, layer)) {
      tap.at(scale, layer, norm.scale(x));
    }
    if (!tap.wants(normalized, layer)) {
      return norm.apply(x);
    }
    Tensor plain = norm.normalized(x);
    Tensor seen = tap.at(normalized, layer, plain);
    // Looking must not change the last bits of the output, nor may an edit of nothing.
    boolean changed = tap.changes(normalized, layer) && seen.sub(plain).abs().max().item() != 0;
    return changed ? norm.weighted(seen) : norm.apply(x);
  }
}
