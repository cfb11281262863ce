package dev.lynceus.model.convert;

import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.StoredTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// A float32 tensor of another format, row-major and little-endian.
///
/// @param turned whether it is stored the other way round: a map as `[in, out]`
// Numbers to be written; nothing compares these records.
@SuppressWarnings("ArrayRecordComponent")
record ForeignTensor(long[] shape, MemorySegment data, boolean turned) {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  ForeignTensor {
    long count = Float.BYTES;
    for (long size : shape) {
      count = Math.multiplyExact(count, size);
    }
    if (count != data.byteSize()) {
      throw new IllegalArgumentException(
          "%d bytes for the shape %s".formatted(data.byteSize(), java.util.Arrays.toString(shape)));
    }
  }

  /// The same, stored the other way round.
  ForeignTensor turn() {
    return new ForeignTensor(shape, data, true);
  }

  /// Sizes as a checkpoint has them.
  long[] sizes() {
    return turned ? new long[] {shape[1], shape[0]} : shape;
  }

  /// A copy as a checkpoint has it.
  StoredTensor stored() {
    float[] values = data.toArray(FLOAT);
    if (!turned) {
      return StoredTensor.of(values, shape);
    }
    try (Scope scope = Scope.open()) {
      return StoredTensor.of(Tensor.of(values, shape).transpose(0, 1).contiguous());
    }
  }
}
