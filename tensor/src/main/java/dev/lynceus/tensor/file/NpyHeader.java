package dev.lynceus.tensor.file;

import dev.lynceus.tensor.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The header of an `.npy` array: a magic number, a version, and a Python dictionary that names the
/// element type, the order of the axes and the shape.
///
/// @param dtype the element type
/// @param shape the sizes of the dimensions, outermost first
/// @param length the length of the whole header in bytes; the data follows
record NpyHeader(DType dtype, long[] shape, int length) {

  /// The longest header that is read; NumPy has the same limit.
  private static final int MAX_DICTIONARY = 10_000;

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int ALIGNMENT = 64;
  private static final Pattern DICTIONARY =
      Pattern.compile(
          "\\{\\s*'descr':\\s*'([^']*)',\\s*'fortran_order':\\s*(True|False),"
              + "\\s*'shape':\\s*\\(([0-9, ]*)\\),?\\s*}\\s*");

  /// Reads the header at the start of the bytes.
  ///
  /// @throws IllegalArgumentException with the fault as its message
  static NpyHeader parse(byte[] bytes) {
    int fixed = MAGIC.length + 4;
    if (bytes.length < fixed || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new IllegalArgumentException("it does not start as an .npy array does");
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int version = buffer.get(MAGIC.length);
    buffer.position(MAGIC.length + 2);
    long length =
        switch (version) {
          case 1 -> Short.toUnsignedLong(buffer.getShort());
          case 2, 3 -> buffer.remaining() < 4 ? -1 : Integer.toUnsignedLong(buffer.getInt());
          default -> throw new IllegalArgumentException(".npy version " + version + " is unknown");
        };
    if (length < 0 || length > MAX_DICTIONARY || length > buffer.remaining()) {
      throw new IllegalArgumentException(
          "its header is truncated or longer than " + MAX_DICTIONARY);
    }
    String text = new String(bytes, buffer.position(), (int) length, StandardCharsets.ISO_8859_1);
    Matcher matcher = DICTIONARY.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("its header is not understood: " + text.strip());
    }
    if (matcher.group(2).equals("True")) {
      throw new IllegalArgumentException(
          "it is in Fortran order; save numpy.ascontiguousarray(a) instead");
    }
    return new NpyHeader(
        dtype(matcher.group(1)), shape(matcher.group(3)), buffer.position() + (int) length);
  }

  /// The header of version 1.0 for an array, padded so that the data starts at a multiple of 64.
  ///
  /// @throws IllegalArgumentException where NumPy has no such element type
  static byte[] write(DType dtype, long[] shape) {
    String sizes = Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(", "));
    String dictionary =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }"
            .formatted(code(dtype), shape.length == 1 ? sizes + "," : sizes);
    int unpadded = MAGIC.length + 4 + dictionary.length() + 1;
    int padding = Math.ceilDiv(unpadded, ALIGNMENT) * ALIGNMENT - unpadded;
    byte[] text = (dictionary + " ".repeat(padding) + "\n").getBytes(StandardCharsets.ISO_8859_1);
    return ByteBuffer.allocate(MAGIC.length + 4 + text.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(MAGIC)
        .put((byte) 1)
        .put((byte) 0)
        .putShort((short) text.length)
        .put(text)
        .array();
  }

  private static String code(DType dtype) {
    return switch (dtype) {
      case FLOAT64 -> "<f8";
      case FLOAT32 -> "<f4";
      case FLOAT16 -> "<f2";
      case INT64 -> "<i8";
      case INT32 -> "<i4";
      case INT16 -> "<i2";
      case INT8 -> "|i1";
      case UINT8 -> "|u1";
      case BOOL -> "|b1";
      case BFLOAT16 ->
          throw new IllegalArgumentException("NumPy has no bfloat16; convert it to float32");
    };
  }

  private static DType dtype(String code) {
    return switch (code) {
      case "<f8" -> DType.FLOAT64;
      case "<f4" -> DType.FLOAT32;
      case "<f2" -> DType.FLOAT16;
      case "<i8" -> DType.INT64;
      case "<i4" -> DType.INT32;
      case "<i2" -> DType.INT16;
      case "|i1" -> DType.INT8;
      case "|u1" -> DType.UINT8;
      case "|b1" -> DType.BOOL;
      default ->
          throw new IllegalArgumentException(
              "its element type '"
                  + code
                  + "' is not read here (objects, strings, big-endian,"
                  + " unsigned and complex numbers are not)");
    };
  }

  private static long[] shape(String text) {
    String[] parts = text.isBlank() ? new String[0] : text.split(",");
    if (parts.length > Shapes.MAX_DIMENSIONS) {
      throw new IllegalArgumentException("it has " + parts.length + " dimensions");
    }
    long[] shape = new long[parts.length];
    int count = 0;
    for (String part : parts) {
      // The comma after the only size of a vector leaves an empty part.
      if (!part.isBlank()) {
        shape[count++] = Long.parseLong(part.strip());
      }
    }
    return Arrays.copyOf(shape, count);
  }
}
