package dev.lynceus.tensor.file;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.OptionalLong;

/// An array as it lies in a file: little-endian, row-major, without gaps.
///
/// @param dtype the element type
/// @param shape the sizes of the dimensions, outermost first; empty for a scalar
/// @param data exactly the bytes of the elements
public record StoredTensor(DType dtype, long[] shape, MemorySegment data) {

  /// Checks that the data has the length that type and shape ask for.
  ///
  /// @throws LynceusException BAD_REQUEST where it has not
  public StoredTensor {
    shape = shape.clone();
    OptionalLong bytes = Shapes.bytes(shape, dtype.bytes());
    if (bytes.isEmpty() || bytes.getAsLong() != data.byteSize()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "Shape "
              + Arrays.toString(shape)
              + " of "
              + dtype
              + " does not fit data of "
              + data.byteSize()
              + " bytes",
          "Give the bytes of a contiguous tensor of that shape.");
    }
  }

  /// A tensor of float32 values.
  public static StoredTensor of(float[] values, long... shape) {
    return new StoredTensor(DType.FLOAT32, shape, MemorySegment.ofArray(values));
  }

  /// A tensor of int64 values.
  public static StoredTensor of(long[] values, long... shape) {
    return new StoredTensor(DType.INT64, shape, MemorySegment.ofArray(values));
  }

  /// A copy of a tensor of any layout and device, of at most 2^31 - 1 elements.
  public static StoredTensor of(Tensor tensor) {
    DType dtype = tensor.dtype();
    int count = Math.toIntExact(tensor.numel());
    if (count == 0) {
      return new StoredTensor(dtype, tensor.shape(), MemorySegment.ofArray(new byte[0]));
    }
    MemorySegment data =
        switch (dtype) {
          case FLOAT32 -> MemorySegment.ofArray(tensor.toFloats());
          case FLOAT64 -> MemorySegment.ofArray(tensor.toDoubles());
          case INT64 -> MemorySegment.ofArray(tensor.toLongs());
          case INT32 -> MemorySegment.ofArray(tensor.toInts());
          case FLOAT16 -> {
            float[] values = tensor.toFloats();
            short[] bits = new short[count];
            for (int i = 0; i < count; i++) {
              bits[i] = Float.floatToFloat16(values[i]);
            }
            yield MemorySegment.ofArray(bits);
          }
          case BFLOAT16 -> {
            float[] values = tensor.toFloats();
            short[] bits = new short[count];
            for (int i = 0; i < count; i++) {
              // Exact: a widened bfloat16 has zeros in its lower half.
              bits[i] = (short) (Float.floatToRawIntBits(values[i]) >>> 16);
            }
            yield MemorySegment.ofArray(bits);
          }
          case INT16 -> {
            int[] values = tensor.toInts();
            short[] narrow = new short[count];
            for (int i = 0; i < count; i++) {
              narrow[i] = (short) values[i];
            }
            yield MemorySegment.ofArray(narrow);
          }
          case INT8, UINT8, BOOL -> {
            int[] values = tensor.toInts();
            byte[] narrow = new byte[count];
            for (int i = 0; i < count; i++) {
              narrow[i] = (byte) values[i];
            }
            yield MemorySegment.ofArray(narrow);
          }
        };
    return new StoredTensor(dtype, tensor.shape(), data);
  }

  /// The sizes of the dimensions, as a copy.
  @Override
  public long[] shape() {
    return shape.clone();
  }
}
