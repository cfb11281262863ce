package dev.lynceus.method.causal;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.stream.IntStream;

/// A sliding window of layers around a middle one: from `l - floor(size / 2)` to `l + ceil(size /
/// 2)`, the latter exclusive, cut at the first and the last layer (Meng et al. 2022).
///
/// @param size layers of an uncut window; 1 = the layer alone
record Window(int size) {
  Window {
    if (size < 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, "a window of " + size + " layers", "Use 1 or more.");
    }
  }

  /// The layers of the window around a layer.
  int[] around(int layer, int layers) {
    return IntStream.range(Math.max(0, layer - size / 2), Math.min(layers, layer + (size + 1) / 2))
        .toArray();
  }
}
