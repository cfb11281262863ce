package dev.lynceus.model.stack;

import dev.lynceus.nn.Norm;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;

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
    return apply(RowNorms.of(norm), layer, x, tap);
  }

  /// The same where the norm may be another from some row on.
  Tensor apply(RowNorms norm, int layer, Tensor x, Tap tap) {
    return tap.at(out, layer, inner(norm, layer, x, tap));
  }

  /// The same without the place at its output, which the caller shows itself.
  public Tensor inner(Norm norm, int layer, Tensor x, Tap tap) {
    return inner(RowNorms.of(norm), layer, x, tap);
  }

  private Tensor inner(RowNorms norm, int layer, Tensor x, Tap tap) {
    if (tap.wants(scale, layer)) {
      tap.at(scale, layer, norm.scale(x));
    }
    if (!tap.wants(normalized, layer)) {
      return norm.apply(x);
    }
    Tensor plain = norm.normalized(x);
    Tensor seen = tap.at(normalized, layer, plain);
    return tap.changes(normalized, layer)
        ? where(seen, plain, norm.weighted(seen), norm.apply(x))
        : norm.apply(x);
  }

  /// One vector or another at each position, by whether the tap changed it there. Looking must not
  /// change the last bits of a pass, nor may an edit of nothing, nor one of another row or
  /// position.
  ///
  /// @param seen what the tap gave back, `[batch, pos, width]`
  /// @param shown what it was given
  /// @param changed taken where the two differ
  /// @param same taken where they do not
  public static Tensor where(Tensor seen, Tensor shown, Tensor changed, Tensor same) {
    return Torch.where(seen.sub(shown).abs().amax(-1).gt(0).unsqueeze(-1), changed, same);
  }
}
