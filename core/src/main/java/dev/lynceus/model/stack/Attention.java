package dev.lynceus.model.stack;

import dev.lynceus.nn.Masks;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
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

  /// The same where rows see those of their own part only. What is not looked at is not computed:
  /// neighbouring parts of one length go side by side.
  ///
  /// @param q `[1, heads, pos, headWidth]`
  /// @param segments lengths of the parts, one after the other
  /// @return `[1, pos, heads, headWidth]`
  public Tensor apart(Tensor q, Tensor k, Tensor v, int[] segments, Tap tap, int layer) {
    boolean changes = tap.changes(scores, layer) || tap.changes(pattern, layer);
    if (segments.length == 1) {
      return apply(q, k, v, null, false, tap, layer);
    }
    if (changes || tap.keeps(scores, layer) || tap.keeps(pattern, layer)) {
      Tensor mask = Masks.apart(segments, q.dtype());
      if (changes) {
        return changed(q, k, v, mask, false, tap, layer);
      }
      see(q, k, mask, false, tap, layer);
    }
    List<Tensor> parts = new ArrayList<>();
    int start = 0;
    for (int from = 0; from < segments.length; ) {
      int length = segments[from];
      int end = from;
      while (end < segments.length && segments[end] == length) {
        end++;
      }
      parts.add(
          beside(
              fused(
                  some(q, start, end - from, length),
                  some(k, start, end - from, length),
                  some(v, start, end - from, length),
                  null,
                  false)));
      start += length * (end - from);
      from = end;
    }
    return parts.size() == 1 ? parts.getFirst() : Torch.cat(parts, 1);
  }

  /// Parts of one length, `[parts, heads, length, headWidth]`.
  private static Tensor some(Tensor x, int start, int parts, int length) {
    Tensor own = x.narrow(2, start, (long) parts * length);
    return own.reshape(x.size(1), parts, length, x.size(3)).transpose(0, 1);
  }

  /// Parts one after the other, `[1, parts * length, heads, headWidth]`.
  private static Tensor beside(Tensor z) {
    return z.reshape(1, z.size(0) * z.size(1), z.size(2), z.size(3));
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
