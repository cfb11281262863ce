package dev.lynceus.tensor.file;

import java.util.OptionalLong;

/// Sizes of arrays that a file declares, computed so that no declared shape can overflow.
final class Shapes {

  /// More dimensions than any tensor of a model has; NumPy refuses more, too.
  static final int MAX_DIMENSIONS = 64;

  private Shapes() {}

  /// The number of bytes of an array, or empty where a size is negative or the count overflows.
  ///
  /// A size of zero does not excuse its neighbours: strides are computed from them, so that `[0,
  /// 2^62, 2^62]` counts as an overflow as well.
  static OptionalLong bytes(long[] shape, int elementBytes) {
    long product = elementBytes;
    boolean empty = false;
    for (long size : shape) {
      if (size < 0) {
        return OptionalLong.empty();
      }
      if (size == 0) {
        empty = true;
        continue;
      }
      if (product > Long.MAX_VALUE / size) {
        return OptionalLong.empty();
      }
      product *= size;
    }
    return OptionalLong.of(empty ? 0 : product);
  }
}
