package dev.lynceus.run;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.Tensor;

/// Decoding against a second prompt: each token is chosen by `own + alpha * (own - other)`, where
/// the logits of the other come from the second prompt continued by the same tokens. With the
/// picture in the first and a part of it blacked out in the second this is Contrastive Region
/// Guidance (Wan and others, arXiv 2403.02325), `(1 + alpha) * own - alpha * other`, written so
/// that an alpha of 0, and a second prompt that is the first, give the logits of the first to the
/// bit.
///
/// @param other the second prompt
/// @param alpha how much the difference counts; published: 1
public record Contrast(Prompt other, double alpha) implements Beside {
  public Contrast {
    if (!Double.isFinite(alpha)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, "an alpha of " + alpha, "Use a number, for example 1.");
    }
  }

  @Override
  public Prompt prompt(Prompt own) {
    return other;
  }

  /// The contrasted logits; in the scope that is open.
  ///
  /// @param own of the first prompt
  /// @param other of the second, in the same shape
  public static Tensor logits(Tensor own, Tensor other, double alpha) {
    return alpha == 0 ? own : own.add(own.sub(other).mul(alpha));
  }
}
