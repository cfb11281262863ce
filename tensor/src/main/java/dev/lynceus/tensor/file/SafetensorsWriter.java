package dev.lynceus.tensor.file;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;
import java.io.StringWriter;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// Writes a safetensors file, byte for byte as the format's reference implementation would: tensors
/// with wide elements first, then by name, and data that starts at a multiple of 8 bytes.
///
/// ```java
/// new SafetensorsWriter()
///     .metadata("format", "pt")
///     .add("direction", DType.FLOAT32, new long[] {64}, segment)
///     .write(path);
/// ```
///
/// The file appears whole or not at all. Segments are read when [#write] is called, not before.
/// With several metadata keys, ours are sorted by name; the reference leaves their order to chance.
public final class SafetensorsWriter {

  private static final JsonFactory JSON = new JsonFactory();

  /// The order of UTF-8 bytes, in which the reference sorts; that of Java's strings differs from it
  /// beyond the basic plane.
  private static final Comparator<String> BY_UTF8 =
      (a, b) ->
          Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

  private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();
  private final Map<String, String> metadata = new TreeMap<>(BY_UTF8);

  /// Adds free text to the header.
  public SafetensorsWriter metadata(String key, String value) {
    metadata.put(encodable(key), encodable(value));
    return this;
  }

  /// Adds a tensor by its bytes: little-endian, row-major, contiguous.
  ///
  /// @throws LynceusException BAD_REQUEST where the name was used before or is reserved, or where
  ///   the segment's length is not that of the shape
  public SafetensorsWriter add(String name, DType dtype, long[] shape, MemorySegment data) {
    return add(name, new StoredTensor(dtype, shape, data));
  }

  /// Adds a tensor.
  ///
  /// @throws LynceusException BAD_REQUEST where the name was used before or is reserved
  public SafetensorsWriter add(String name, StoredTensor tensor) {
    if (name.equals(SafetensorsHeader.KEY_METADATA)
        || tensors.putIfAbsent(encodable(name), tensor) != null) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "The tensor name " + Quoted.name(name) + " is taken",
          "Give every tensor a name of its own, other than __metadata__.");
    }
    return this;
  }

  /// Adds a copy of a tensor.
  ///
  /// @throws LynceusException BAD_REQUEST where the name was used before or is reserved
  public SafetensorsWriter add(String name, Tensor tensor) {
    return add(name, StoredTensor.of(tensor));
  }

  /// Writes the file, replacing one of that name.
  ///
  /// @throws LynceusException NOT_WRITABLE where that fails; then an older file is as it was
  public void write(Path path) {
    List<Map.Entry<String, StoredTensor>> order = new ArrayList<>(tensors.entrySet());
    order.sort(
        Comparator.comparing(
                (Map.Entry<String, StoredTensor> entry) -> ElementType.of(entry.getValue().dtype()),
                Comparator.reverseOrder())
            .thenComparing(Map.Entry::getKey, BY_UTF8));
    byte[] header = header(order);
    if (header.length > SafetensorsHeader.MAX_LENGTH) {
      throw new LynceusException(
          ErrorCode.NOT_WRITABLE,
          path + " would need a header of " + header.length + " bytes, more than the format allows",
          "Write fewer tensors or less metadata into one file.");
    }
    AtomicFile.write(
        path,
        channel -> {
          ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
          AtomicFile.writeFully(
              channel, MemorySegment.ofBuffer(length.putLong(header.length).flip()));
          AtomicFile.writeFully(channel, MemorySegment.ofArray(header));
          for (Map.Entry<String, StoredTensor> entry : order) {
            AtomicFile.writeFully(channel, entry.getValue().data());
          }
        });
  }

  private byte[] header(List<Map.Entry<String, StoredTensor>> order) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectPropertyStart(SafetensorsHeader.KEY_METADATA);
        metadata.forEach(json::writeStringProperty);
        json.writeEndObject();
      }
      long offset = 0;
      for (Map.Entry<String, StoredTensor> entry : order) {
        StoredTensor tensor = entry.getValue();
        json.writeObjectPropertyStart(entry.getKey());
        json.writeStringProperty("dtype", ElementType.of(tensor.dtype()).name());
        json.writeName("shape");
        long[] shape = tensor.shape();
        json.writeArray(shape, 0, shape.length);
        json.writeName("data_offsets");
        long end = offset + tensor.data().byteSize();
        json.writeArray(new long[] {offset, end}, 0, 2);
        json.writeEndObject();
        offset = end;
      }
      json.writeEndObject();
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    int padded = Math.ceilDiv(bytes.length, Long.BYTES) * Long.BYTES;
    byte[] header = Arrays.copyOf(bytes, padded);
    Arrays.fill(header, bytes.length, padded, (byte) ' ');
    return header;
  }

  private static String encodable(String text) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "A name or a metadata text holds half of a surrogate pair, which no UTF-8 file can hold",
          "Use valid Unicode text.");
    }
    return text;
  }
}
