package dev.lynceus.tensor.file;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The validated header of a safetensors file: nothing in it can point outside the file.
///
/// The format: eight bytes of little-endian header length, that many bytes of JSON, then the data.
/// Every tensor must start where the one before it ends, the first at the first data byte, the last
/// ending with the file.
///
/// @param length the length of the JSON in bytes
/// @param tensors what is in the file, by name, in the order of the data
/// @param metadata the free text that the writer added
record SafetensorsHeader(
    int length, Map<String, TensorInfo> tensors, Map<String, String> metadata) {

  /// The limit of the format's reference implementation.
  static final int MAX_LENGTH = 100_000_000;

  private static final String DOWNLOAD_AGAIN =
      "Fetch the file again (for a model: `hf download org/name`); if it stays so, ask who wrote"
          + " it.";

  static final String KEY_METADATA = "__metadata__";

  /// Reads and checks the header of an open file.
  ///
  /// @throws LynceusException BAD_CHECKPOINT, naming the file and, where one is to blame, the
  ///   tensor
  static SafetensorsHeader read(Path file, FileChannel channel) throws IOException {
    long size = channel.size();
    byte[] start = bytes(channel, 0, (int) Math.min(size, ForeignFormat.BYTES));
    if (size == 0) {
      throw bad(file, "is empty");
    }
    ForeignFormat.of(start)
        .ifPresent(format -> {
          throw new LynceusException(
              ErrorCode.BAD_CHECKPOINT, file + " " + format.description(), format.nextStep());
        });
    if (size < Long.BYTES) {
      throw bad(file, "is truncated: " + size + " bytes do not hold the header length");
    }
    long length = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 0 || length > MAX_LENGTH) {
      throw bad(
          file,
          "is no safetensors file: its header would have "
              + Long.toUnsignedString(length)
              + " bytes, the format allows "
              + MAX_LENGTH);
    }
    if (length > size - Long.BYTES) {
      throw bad(
          file,
          "is truncated: the header has " + length + " bytes, the whole file has only " + size);
    }
    if (length < 2 || start[Long.BYTES] != '{') {
      throw bad(file, "is no safetensors file: the header does not start with '{'");
    }
    String json = text(file, bytes(channel, Long.BYTES, (int) length));
    HeaderJson parsed = HeaderJson.parse(file, json);
    long dataStart = Long.BYTES + length;
    return new SafetensorsHeader(
        (int) length, contiguous(file, parsed.entries(), dataStart, size), parsed.metadata());
  }

  /// Refuses the file with a sentence that starts with its name.
  static LynceusException bad(Path file, String what) {
    return new LynceusException(ErrorCode.BAD_CHECKPOINT, file + " " + what, DOWNLOAD_AGAIN);
  }

  /// Refuses the file because of one tensor.
  static LynceusException bad(Path file, String tensor, String what) {
    return bad(file, "is broken at tensor " + Quoted.name(tensor) + ": " + what);
  }

  private static Map<String, TensorInfo> contiguous(
      Path file, List<HeaderJson.Entry> entries, long dataStart, long fileSize) {
    List<HeaderJson.Entry> sorted = new ArrayList<>(entries);
    // Empty tensors share their offset with the next one and come before it.
    sorted.sort(
        Comparator.comparingLong(HeaderJson.Entry::begin).thenComparingLong(HeaderJson.Entry::end));
    long dataBytes = fileSize - dataStart;
    Map<String, TensorInfo> tensors = new LinkedHashMap<>();
    long end = 0;
    for (HeaderJson.Entry entry : sorted) {
      if (entry.begin() < end) {
        throw bad(
            file,
            entry.name(),
            "its data starts at byte "
                + entry.begin()
                + " and overlaps the tensor that ends at "
                + end);
      }
      if (entry.begin() > end) {
        throw bad(
            file,
            entry.name(),
            "a hole of "
                + (entry.begin() - end)
                + " bytes that belong to no tensor lies before it");
      }
      if (entry.end() > dataBytes) {
        throw bad(
            file,
            entry.name(),
            "its data ends at byte "
                + entry.end()
                + ", but the file has only "
                + dataBytes
                + " bytes of data: it is truncated");
      }
      end = entry.end();
      tensors.put(
          entry.name(),
          new TensorInfo(
              entry.name(),
              entry.type().dtype(),
              entry.shape(),
              dataStart + entry.begin(),
              entry.end() - entry.begin()));
    }
    if (end != dataBytes) {
      throw bad(
          file,
          "has " + (dataBytes - end) + " bytes after its last tensor that belong to no tensor");
    }
    return Collections.unmodifiableMap(tensors);
  }

  private static String text(Path file, byte[] header) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(header)).toString();
    } catch (CharacterCodingException e) {
      throw bad(file, "has a header that is not UTF-8");
    }
  }

  private static byte[] bytes(FileChannel channel, long position, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw new IOException("the file became shorter while it was read");
      }
    }
    return buffer.array();
  }
}
