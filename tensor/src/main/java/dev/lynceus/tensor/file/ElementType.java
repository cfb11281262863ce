package dev.lynceus.tensor.file;

import dev.lynceus.tensor.DType;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/// The element types of the safetensors format that Lynceus reads and writes, under the names that
/// the format gives them. The order is that of the format's reference implementation, which stores
/// tensors of later types first.
enum ElementType {
  BOOL(DType.BOOL),
  U8(DType.UINT8),
  I8(DType.INT8),
  I16(DType.INT16),
  F16(DType.FLOAT16),
  BF16(DType.BFLOAT16),
  I32(DType.INT32),
  F32(DType.FLOAT32),
  F64(DType.FLOAT64),
  I64(DType.INT64);

  private final DType dtype;

  ElementType(DType dtype) {
    this.dtype = dtype;
  }

  DType dtype() {
    return dtype;
  }

  static ElementType of(DType dtype) {
    return switch (dtype) {
      case BOOL -> BOOL;
      case UINT8 -> U8;
      case INT8 -> I8;
      case INT16 -> I16;
      case FLOAT16 -> F16;
      case BFLOAT16 -> BF16;
      case INT32 -> I32;
      case FLOAT32 -> F32;
      case FLOAT64 -> F64;
      case INT64 -> I64;
    };
  }

  static Optional<ElementType> named(String name) {
    return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
  }

  /// Whether the format knows a name as a floating point type of eight bits or fewer, in which only
  /// quantised weights are stored.
  static boolean isQuantised(String name) {
    return name.matches("F(8|6|4)(_[A-Z0-9]+)?");
  }

  static String names() {
    return Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "));
  }
}
