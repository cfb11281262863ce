package dev.lynceus.model.stack;

import dev.lynceus.tensor.FusedAttention;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import org.jspecify.annotations.Nullable;

/// The way back through attention with a look at the probabilities, a few heads at a time, so that
/// what is made of a head is still in the processor's cache when it is used:
///
/// ```
/// P  = softmax(scale q k^T + mask)     dP = dz v^T
/// dS = P (dP - sum over source of P dP)
/// dq = scale dS k      dk = scale dS^T q      dv = P^T dz
/// ```
///
/// @param q `[1, heads, rows, headWidth]`
/// @param k `[1, keyHeads, source, headWidth]`
/// @param v like `k`
/// @param mask additive, or null
record SeenAttention(Tensor q, Tensor k, Tensor v, @Nullable Tensor mask, double scale) {
  /// Bytes of the probabilities of the heads that are done at once.
  private static final long BLOCK = 4L << 20;

  /// Told the attention of some heads and its gradient.
  @FunctionalInterface
  public interface Visitor {

    /// Some heads for one slope.
    ///
    /// @param slope its number
    /// @param head the first of them
    /// @param pattern attention probabilities, `[some heads, rows, source]`
    /// @param gradient with respect to them
    void at(int slope, int head, Tensor pattern, Tensor gradient);
  }

  /// Gradients with respect to queries, keys and values.
  ///
  /// @param slopes of what was attended, `[slopes, heads, rows, headWidth]`
  /// @return each `[slopes, ...]`
  FusedAttention.Slopes back(Tensor slopes, Visitor visitor) {
    long heads = q.size(1);
    long rows = q.size(2);
    long source = k.size(2);
    long shared = heads / k.size(1);
    Tensor keys = repeated(k, shared);
    Tensor values = repeated(v, shared);
    long count = slopes.size(0);
    Tensor dq = Torch.empty(q.dtype(), count, heads, rows, q.size(3));
    Tensor dk = Torch.empty(q.dtype(), count, heads, source, q.size(3));
    Tensor dv = Torch.empty(q.dtype(), count, heads, source, q.size(3));
    long most = Math.clamp(BLOCK / (rows * source * q.dtype().bytes()), 1, heads);
    for (long head = 0; head < heads; head += most) {
      long some = Math.min(most, heads - head);
      try (Scope scope = Scope.open()) {
        Tensor queries = q.select(0, 0).narrow(0, head, some);
        Tensor own = keys.narrow(0, head, some);
        Tensor scores = queries.mul(scale).matmul(own.transpose(1, 2));
        Tensor pattern = Torch.softmax(mask == null ? scores : scores.add_(mask.select(0, 0)), -1);
        for (int s = 0; s < count; s++) {
          try (Scope inner = Scope.open()) {
            Tensor slope = slopes.select(0, s).narrow(0, head, some);
            Tensor gradient = slope.matmul(values.narrow(0, head, some).transpose(1, 2));
            visitor.at(s, (int) head, pattern, gradient);
            Tensor scored = gradient.mul(pattern);
            scored.addcmul_(pattern, scored.sum(-1).unsqueeze(-1), -1);
            dq.select(0, s).narrow(0, head, some).copy_(scored.matmul(own));
            dk.select(0, s).narrow(0, head, some).copy_(scored.transpose(1, 2).matmul(queries));
            dv.select(0, s).narrow(0, head, some).copy_(pattern.transpose(1, 2).matmul(slope));
          }
        }
      }
    }
    return new FusedAttention.Slopes(
        dq.mul_(scale), summed(dk, shared).mul_(scale), summed(dv, shared));
  }

  private static Tensor repeated(Tensor x, long times) {
    Tensor one = x.select(0, 0);
    return times == 1 ? one : one.repeatInterleave(times, 0);
  }

  private static Tensor summed(Tensor x, long shared) {
    if (shared == 1) {
      return x;
    }
    long[] s = x.shape();
    return x.reshape(s[0], s[1] / shared, shared, s[2], s[3]).sum(2);
  }
}
