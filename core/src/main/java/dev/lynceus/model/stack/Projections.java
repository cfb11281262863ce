package dev.lynceus.model.stack;

import dev.lynceus.nn.Linear;
import dev.lynceus.nn.Norm;
import dev.lynceus.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// The linear maps of an attention.
///
/// @param norms null where queries and keys have no norm of their own
public record Projections(
    Linear query, Linear key, Linear value, Linear output, @Nullable HeadNorms norms) {

  /// The norms that queries and keys have of their own, one for all heads, `[headWidth]`.
  public record HeadNorms(Norm.Rms query, Norm.Rms key) {}

  /// Queries before rotation, `[batch, pos, heads, headWidth]`.
  ///
  /// @param normalized what the attention reads, `[batch, pos, width]`
  public Tensor queries(Tensor normalized, StackShape.Heads heads) {
    Tensor q = split(query.apply(normalized), heads.count());
    return norms == null ? q : norms.query.apply(q);
  }

  /// Keys before rotation, `[batch, pos, keyHeads, headWidth]`.
  public Tensor keys(Tensor normalized, StackShape.Heads heads) {
    Tensor k = split(key.apply(normalized), heads.shared());
    return norms == null ? k : norms.key.apply(k);
  }

  /// Values, `[batch, pos, keyHeads, headWidth]`.
  public Tensor values(Tensor normalized, StackShape.Heads heads) {
    return split(value.apply(normalized), heads.shared());
  }

  /// `[batch, pos, heads * headWidth]` to `[batch, pos, heads, headWidth]`.
  static Tensor split(Tensor x, int heads) {
    return x.reshape(x.size(0), x.size(1), heads, x.size(2) / heads);
  }
}
