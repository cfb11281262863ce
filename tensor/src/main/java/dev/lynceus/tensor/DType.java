package dev.lynceus.tensor;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.Locale;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// Element types, named as PyTorch names them.
public enum DType {
  FLOAT32(4, ScalarType.Float),
  FLOAT16(2, ScalarType.Half),
  BFLOAT16(2, ScalarType.BFloat16),
  FLOAT64(8, ScalarType.Double),
  INT64(8, ScalarType.Long),
  INT32(4, ScalarType.Int),
  INT16(2, ScalarType.Short),
  INT8(1, ScalarType.Char),
  UINT8(1, ScalarType.Byte),
  BOOL(1, ScalarType.Bool);

  private final int bytes;
  private final ScalarType scalarType;

  DType(int bytes, ScalarType scalarType) {
    this.bytes = bytes;
    this.scalarType = scalarType;
  }

  /// Bytes of one element.
  public int bytes() {
    return bytes;
  }

  /// Whether elements are floating point numbers.
  public boolean isFloating() {
    return switch (this) {
      case FLOAT32, FLOAT16, BFLOAT16, FLOAT64 -> true;
      case INT64, INT32, INT16, INT8, UINT8, BOOL -> false;
    };
  }

  /// Whether elements are floating point numbers of 16 bits.
  public boolean isHalf() {
    return this == FLOAT16 || this == BFLOAT16;
  }

  /// Parses `float32`, `bf16`, `f16`, … as users and config files write them.
  ///
  /// @throws LynceusException if no such type exists
  public static DType parse(String name) {
    return switch (name.toLowerCase(Locale.ROOT).replace("torch.", "")) {
      case "float32", "f32", "fp32", "float" -> FLOAT32;
      case "float16", "f16", "fp16", "half" -> FLOAT16;
      case "bfloat16", "bf16" -> BFLOAT16;
      case "float64", "f64", "fp64", "double" -> FLOAT64;
      case "int64" -> INT64;
      case "int32" -> INT32;
      case "int16" -> INT16;
      case "int8" -> INT8;
      case "uint8" -> UINT8;
      case "bool" -> BOOL;
      default ->
          throw new LynceusException(
              ErrorCode.BAD_REQUEST,
              "'" + name + "' is not a data type",
              "Use float32, float16, bfloat16 or float64.");
    };
  }

  /// The name that PyTorch prints, without the `torch.` prefix.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  ScalarType scalarType() {
    return scalarType;
  }

  static DType of(ScalarType type) {
    for (DType dtype : values()) {
      if (dtype.scalarType == type) {
        return dtype;
      }
    }
    throw new LynceusException(
        ErrorCode.INTERNAL, "tensor type " + type + " is not supported", "Please report this.");
  }
}
