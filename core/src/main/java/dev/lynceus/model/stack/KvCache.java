package dev.lynceus.model.stack;

import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;

/// Keys (rotated) and values of the positions seen so far, for every layer.
public final class KvCache implements Past, AutoCloseable {
  private final Tensor[] keys;
  private final Tensor[] values;
  private final int capacity;
  private int length;

  /// An empty cache.
  ///
  /// @param capacity most positions that it will hold
  public KvCache(StackShape shape, int batch, int capacity, DType dtype) {
    keys = new Tensor[shape.layers()];
    values = new Tensor[shape.layers()];
    this.capacity = capacity;
    // What it takes to make tensors is not left to the garbage collector.
    try (Scope scope = Scope.open()) {
      for (int l = 0; l < keys.length; l++) {
        keys[l] = empty(shape.heads(), batch, capacity, dtype);
        values[l] = empty(shape.heads(), batch, capacity, dtype);
      }
    }
  }

  private static Tensor empty(StackShape.Heads heads, int batch, int capacity, DType dtype) {
    return Torch.empty(dtype, batch, heads.shared(), capacity, heads.width()).own();
  }

  /// Bytes that a cache will take.
  public static long bytes(StackShape shape, int batch, int capacity, DType dtype) {
    return 2L
        * shape.layers()
        * batch
        * shape.heads().shared()
        * capacity
        * shape.heads().width()
        * dtype.bytes();
  }

  /// Positions that are in the cache.
  public int length() {
    return length;
  }

  /// Positions that fit.
  public int capacity() {
    return capacity;
  }

  /// Writes the keys and values of the next positions of a layer and returns everything up to them.
  /// The length grows only with [#advance(int)], after all layers.
  @Override
  public Pair append(int layer, Tensor newKeys, Tensor newValues) {
    long count = newKeys.size(2);
    keys[layer].narrow(2, length, count).copy_(newKeys);
    values[layer].narrow(2, length, count).copy_(newValues);
    return view(layer, (int) (length + count));
  }

  @Override
  public void advance(int count) {
    length += count;
  }

  /// Forgets everything from a position on.
  public void truncate(int newLength) {
    length = Math.min(length, newLength);
  }

  /// Keys and values of a layer.
  public Pair get(int layer) {
    return view(layer, length);
  }

  private Pair view(int layer, int count) {
    return new Pair(keys[layer].narrow(2, 0, count), values[layer].narrow(2, 0, count));
  }

  @Override
  public void close() {
    for (int l = 0; l < keys.length; l++) {
      keys[l].close();
      values[l].close();
    }
  }
}
