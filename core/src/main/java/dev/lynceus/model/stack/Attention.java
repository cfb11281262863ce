package dev.lynceus.model.stack;

import dev.lynceus.nn.Masks;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import org.jspecify.annotations.Nullable;

/// Scaled dot-product attention between the points of the scores and of the pattern. It stays fused
/// unless the scores or the pattern are changed; where they are only looked at, the rows that are
/// asked for are computed once more beside the fused result.
///
/// @param scores point of the scores of this tower or decoder
/// @param pattern point of the probabilities
/// @param scale factor on the scores
public record Attention(Point scores, Point pattern, double scale) {

  /// Attention of queries over keys and values.
  ///
  /// @param q `[batch, heads, pos, headWidth]`
  /// @param k `[batch, keyHeads, source, headWidth]`; `keyHeads` divides `heads`
  /// @param v like `k`
  /// @param mask additive, `[batch or 1, 1, pos, source]` with 0 and -infinity, or null
  /// @param causal whether row i sees columns 0 to i only; used where `mask` is null
  /// @return `[batch, pos, heads, headWidth]`
  public Tensor apply(
      Tensor q, Tensor k, Tensor v, @Nullable Tensor mask, boolean causal, Tap tap, int layer) {
    if (tap.changes(scores, layer) || tap.changes(pattern, layer)) {
      return changed(q, k, v, mask, causal, tap, layer);
    }
    if (tap.keeps(scores, layer) || tap.keeps(pattern, layer)) {
      see(q, k, mask, causal, tap, layer);
    }
    return fused(q, k, v, mask, causal);
  }

  private Tensor fused(Tensor q, Tensor k, Tensor v, @Nullable Tensor mask, boolean causal) {
    if (q.dtype().isHalf()) {
      // The library's fused kernel is an order of magnitude slower in 16 bits than in 32.
      Tensor wide = mask == null ? null : mask.to(DType.FLOAT32);
      return fused(q.to(DType.FLOAT32), k.to(DType.FLOAT32), v.to(DType.FLOAT32), wide, causal)
          .to(q.dtype());
    }
    return Torch.scaledDotProductAttention(q, k, v, mask, causal && mask == null, scale)
        .transpose(1, 2);
  }

  /// A change that leaves the probabilities as they are leaves the fused result, so that an edit of
  /// nothing changes nothing to the last bit; unless a gradient with respect to the probabilities
  /// is asked for, which the fused result does not have.
  private Tensor changed(
      Tensor q, Tensor k, Tensor v, @Nullable Tensor mask, boolean causal, Tap tap, int layer) {
    Tensor allowed =
        causal && mask == null ? Masks.causal((int) q.size(2), (int) k.size(2), q.dtype()) : mask;
    Tensor raw = scores(q, k, allowed);
    Tensor probabilities = tap.at(pattern, layer, softmax(tap.at(scores, layer, raw)));
    boolean same =
        !probabilities.recordsGradient() && probabilities.sub(softmax(raw)).abs().max().item() == 0;
    return same
        ? fused(q, k, v, mask, causal)
        : probabilities.matmul(repeat(v, q.size(1))).transpose(1, 2);
  }

  private void see(Tensor q, Tensor k, @Nullable Tensor mask, boolean causal, Tap tap, int layer) {
    int length = (int) q.size(2);
    int[] rows =
        union(
            tap.keeps(scores, layer) ? tap.rows(scores, length) : new int[0],
            tap.keeps(pattern, layer) ? tap.rows(pattern, length) : new int[0]);
    if (rows.length == 0) {
      return;
    }
    Tensor some = q;
    Tensor allowed = mask;
    if (rows.length == 1) {
      some = q.narrow(2, rows[0], 1);
      allowed = mask == null ? null : mask.narrow(2, rows[0], 1);
    } else if (rows.length < length) {
      Tensor index = Tensor.indices(rows);
      some = q.indexSelect(2, index);
      allowed = mask == null ? null : mask.indexSelect(2, index);
    }
    boolean seesAll = rows.length == 1 && rows[0] == k.size(2) - 1;
    if (causal && mask == null && !seesAll) {
      allowed = Masks.causal(rows, (int) k.size(2), q.dtype());
    }
    Tensor raw = scores(some, k, allowed);
    if (tap.keeps(scores, layer)) {
      tap.see(scores, layer, raw, rows);
    }
    if (tap.keeps(pattern, layer)) {
      tap.see(pattern, layer, softmax(raw), rows);
    }
  }

  private Tensor scores(Tensor q, Tensor k, @Nullable Tensor mask) {
    Tensor raw = q.matmul(repeat(k, q.size(1)).transpose(2, 3)).mul(scale);
    return mask == null ? raw : raw.add(mask);
  }

  private static Tensor softmax(Tensor scores) {
    return scores.dtype().isHalf()
        ? Torch.softmax(scores, -1, DType.FLOAT32).to(scores.dtype())
        : Torch.softmax(scores, -1);
  }

  /// Repeats each key head for the query heads that share it.
  private static Tensor repeat(Tensor shared, long heads) {
    long groups = heads / shared.size(1);
    return groups == 1 ? shared : shared.repeatInterleave(groups, 1);
  }

  private static int[] union(int[] a, int[] b) {
    return java.util.stream.IntStream.concat(java.util.Arrays.stream(a), java.util.Arrays.stream(b))
        .sorted()
        .distinct()
        .toArray();
  }
}
