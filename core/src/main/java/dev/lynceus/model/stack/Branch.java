package dev.lynceus.model.stack;

import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The first positions of a cache, shared by several copies of its batch that go on differently.
/// The cache is not changed, and nothing new is kept beyond the layer that is being computed.
public final class Branch implements Past, AutoCloseable {
  private final KvCache base;
  private final int start;
  private final int copies;
  private @Nullable Pair buffer;

  /// @param base has all positions before `start`; must stay open
  /// @param start how many of its positions are shared
  /// @param copies how many times its batch is repeated: rows `[copy, row]` in this order
  public Branch(KvCache base, int start, int copies) {
    this.base = base;
    this.start = start;
    this.copies = copies;
  }

  @Override
  public Pair append(int layer, Tensor newKeys, Tensor newValues) {
    if (start == 0) {
      return new Pair(newKeys, newValues);
    }
    Pair shared = base.get(layer);
    if (newKeys.recordsGradient() || newValues.recordsGradient()) {
      // A buffer that is written again for each layer has no gradient.
      return new Pair(joined(shared.keys(), newKeys), joined(shared.values(), newValues));
    }
    Pair whole = buffer;
    if (whole == null) {
      whole = new Pair(space(newKeys), space(newValues));
      buffer = whole;
    }
    fill(whole.keys(), shared.keys(), newKeys);
    fill(whole.values(), shared.values(), newValues);
    return whole;
  }

  @Override
  public void advance(int count) {}

  /// Room for all positions; it outlives the scope of a layer.
  private Tensor space(Tensor part) {
    long[] shape = part.shape();
    shape[2] += start;
    return Torch.empty(part.dtype(), shape).own();
  }

  private void fill(Tensor whole, Tensor shared, Tensor part) {
    long[] shape = whole.shape();
    whole
        .reshape(copies, shape[0] / copies, shape[1], shape[2], shape[3])
        .narrow(3, 0, start)
        .copy_(shared.narrow(2, 0, start));
    whole.narrow(2, start, part.size(2)).copy_(part);
  }

  private Tensor joined(Tensor shared, Tensor part) {
    long[] shape = part.shape();
    Tensor before =
        shared
            .narrow(2, 0, start)
            .unsqueeze(0)
            .expand(copies, shape[0] / copies, shape[1], start, shape[3])
            .reshape(shape[0], shape[1], start, shape[3]);
    return Torch.cat(List.of(before, part), 2);
  }

  @Override
  public void close() {
    if (buffer != null) {
      buffer.keys().close();
      buffer.values().close();
      buffer = null;
    }
  }
}
