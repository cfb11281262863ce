package dev.lynceus.model.stack;

import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.List;

/// The attention of a stack over what left an earlier one, through the tap: queries from the stack,
/// keys and values from the memory, nothing rotated.
final class CrossAttention {
  private final Stack stack;
  private final StackShape.Heads heads;
  private final Block.Order order;
  private final Attention attention;
  private final TappedNorm norm;

  CrossAttention(Stack stack, StackShape.Heads heads, Block.Order order) {
    this.stack = stack;
    this.heads = heads;
    this.order = order;
    this.attention = new Attention(at(Site.CROSS_SCORES), at(Site.CROSS_PATTERN), heads.scale());
    this.norm =
        new TappedNorm(
            at(Site.LN_CROSS_SCALE), at(Site.LN_CROSS_NORMALIZED), at(Site.LN_CROSS_OUT));
  }

  private Point at(Site site) {
    return Point.of(stack, site);
  }

  /// The stream with what its first rows read of the memory.
  ///
  /// @param middle the stream after the attention over its own stack, `[batch, pos, width]`
  /// @return `[batch, pos, width]`
  Tensor forward(int l, Layer.Cross w, Tensor middle, Surroundings.Memory memory, Tap tap) {
    long rows = Math.min(memory.readers(), middle.size(1));
    long others = middle.size(1) - rows;
    Tensor reading = others == 0 ? middle : middle.narrow(1, 0, rows).contiguous();
    RowNorms weights = RowNorms.of(w.norm());
    Tensor read = tap.at(at(Site.CROSS_IN), l, reading);
    Tensor normalized = order.before(norm, weights, l, read, tap);
    Tensor written;
    try (Scope scope = Scope.open()) {
      Tensor attended = attend(l, w.attention(), normalized, memory, tap);
      written = scope.keep(tap.at(at(Site.CROSS_OUT), l, attended));
    }
    Tensor sum = order.after(norm, weights, l, reading.add(written), tap);
    Tensor all = others == 0 ? sum : Torch.cat(List.of(sum, middle.narrow(1, rows, others)), 1);
    return tap.at(at(Site.RESID_CROSS), l, all);
  }

  private Tensor attend(
      int l, Projections w, Tensor normalized, Surroundings.Memory memory, Tap tap) {
    Tensor states = memory.states();
    Tensor q = tap.at(at(Site.CROSS_Q), l, w.queries(normalized, heads)).transpose(1, 2);
    Tensor k = tap.at(at(Site.CROSS_K), l, w.keys(states, heads)).transpose(1, 2);
    Tensor v = tap.at(at(Site.CROSS_V), l, w.values(states, heads)).transpose(1, 2);
    if (k.size(0) < q.size(0)) {
      // One memory that all read: its keys and values are made once.
      k = k.expand(q.size(0), k.size(1), k.size(2), k.size(3));
      v = v.expand(q.size(0), v.size(1), v.size(2), v.size(3));
    }
    Tensor z = attention.apply(q, k, v, memory.mask(), false, tap, l);
    return HeadParts.output(
        at(Site.CROSS_RESULT), l, w.output(), heads, tap.at(at(Site.CROSS_Z), l, z), tap);
  }
}
