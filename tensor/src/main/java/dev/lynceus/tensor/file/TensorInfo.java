package dev.lynceus.tensor.file;

import dev.lynceus.tensor.DType;
import java.util.Arrays;
import java.util.Objects;

/// What a file says about one tensor: its name, element type, shape and place.
///
/// @param name the tensor's full name in the file
/// @param dtype the element type
/// @param shape the sizes of the dimensions, outermost first; empty for a scalar
/// @param offset where the data starts, in bytes from the start of the file
/// @param bytes the length of the data in bytes
public record TensorInfo(String name, DType dtype, long[] shape, long offset, long bytes) {

  /// Copies the shape, so that later changes of the given array change nothing here.
  public TensorInfo {
    shape = shape.clone();
  }

  /// The sizes of the dimensions, as a copy.
  @Override
  public long[] shape() {
    return shape.clone();
  }

  /// The number of elements; 1 for a scalar.
  public long elements() {
    return bytes / dtype.bytes();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TensorInfo that
        && name.equals(that.name)
        && dtype == that.dtype
        && Arrays.equals(shape, that.shape)
        && offset == that.offset
        && bytes == that.bytes;
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, dtype, Arrays.hashCode(shape), offset, bytes);
  }

  @Override
  public String toString() {
    return name + " " + dtype + " " + Arrays.toString(shape);
  }
}
