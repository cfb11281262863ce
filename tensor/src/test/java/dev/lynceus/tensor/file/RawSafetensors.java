package dev.lynceus.tensor.file;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/// Safetensors files made byte by byte, so that tests can make wrong ones.
final class RawSafetensors {

  private RawSafetensors() {}

  /// A file of the given header, its true length before it, and data bytes 0, 1, 2, ….
  static byte[] file(String header, int dataBytes) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return file(json.length, json, data(dataBytes));
  }

  /// A file of a header length that may be a lie.
  static byte[] file(long length, byte[] header, byte[] data) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array());
    out.writeBytes(header);
    out.writeBytes(data);
    return out.toByteArray();
  }

  static byte[] data(int count) {
    byte[] data = new byte[count];
    for (int i = 0; i < count; i++) {
      data[i] = (byte) i;
    }
    return data;
  }

  /// The header entry of one tensor, such as `"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}`.
  static String entry(String name, String dtype, String shape, long begin, long end) {
    return "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
        .formatted(name, dtype, shape, begin, end);
  }

  static Path write(Path path, byte[] bytes) throws IOException {
    return Files.write(path, bytes);
  }

  static Path resource(String name) {
    try {
      return Path.of(Objects.requireNonNull(RawSafetensors.class.getResource(name), name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
