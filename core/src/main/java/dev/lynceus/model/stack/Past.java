package dev.lynceus.model.stack;

import dev.lynceus.tensor.Tensor;

/// Keys and values of the positions before a pass, which the pass goes on from.
public sealed interface Past permits KvCache, Branch {

  /// Keys and values of one layer, `[batch, keyHeads, source, headWidth]`; views.
  record Pair(Tensor keys, Tensor values) {}

  /// Takes the keys and values of the next positions of a layer and returns everything up to them,
  /// to be read before the next layer's are appended.
  ///
  /// @param newKeys `[batch, keyHeads, pos, headWidth]`, rotated
  /// @param newValues the same shape
  Pair append(int layer, Tensor newKeys, Tensor newValues);

  /// Ends a pass of that many positions.
  void advance(int count);
}
