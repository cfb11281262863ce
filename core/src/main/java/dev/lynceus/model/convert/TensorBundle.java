package dev.lynceus.model.convert;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.zip.CRC32C;

/// The variables that TensorFlow stored: an index, a sorted table of blocks as LevelDB has it, and
/// the bytes in one or more shards beside it. Checksums of tensors are compared.
///
/// @see <a
///   href="https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/protobuf/tensor_bundle.proto">tensor_bundle.proto</a>
final class TensorBundle {
  private static final long MAGIC = 0xdb4775248b80fb57L;
  private static final int FOOTER = 48;

  /// Code of float32.
  private static final int FLOAT32 = 1;

  /// What is added to a checksum that is stored beside what it is of.
  private static final int MASK = 0xa282ead8;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// Where the shards are found.
  @FunctionalInterface
  interface Shards {
    /// The bytes of one.
    ///
    /// @param number of the shard
    /// @param all how many there are
    MemorySegment of(int number, int all);
  }

  /// An entry of the index.
  // Read once, compared with nothing.
  @SuppressWarnings("ArrayRecordComponent")
  private record Entry(int type, long[] shape, int shard, long offset, long size, int checksum) {}

  private TensorBundle() {}

  /// Reads all float32 tensors by name. Others, such as the number of steps, are left out.
  ///
  /// @throws IndexOutOfBoundsException or IllegalArgumentException where it is none, or damaged
  static Map<String, ForeignTensor> read(MemorySegment index, Shards shards) {
    long end = index.byteSize() - FOOTER;
    if (end < 0
        || index.get(
                ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN),
                index.byteSize() - Long.BYTES)
            != MAGIC) {
      throw new IllegalArgumentException("it does not end as an index of variables does");
    }
    ProtoReader footer = new ProtoReader(index.asSlice(end));
    footer.varint();
    footer.varint();
    List<MemorySegment> blocks = new ArrayList<>();
    block(
        index,
        footer.varint(),
        footer.varint(),
        (key, value) -> {
          ProtoReader place = new ProtoReader(value);
          blocks.add(slice(index, place.varint(), place.varint()));
        });
    Map<String, Entry> entries = new LinkedHashMap<>();
    int[] all = {1};
    for (MemorySegment block : blocks) {
      each(
          block,
          (key, value) -> {
            if (key.isEmpty()) {
              all[0] = number(value, 1, 1);
            } else {
              entries.put(key, entry(value));
            }
          });
    }
    Map<String, ForeignTensor> tensors = new LinkedHashMap<>();
    entries.forEach((name, entry) -> {
      if (entry.type == FLOAT32) {
        MemorySegment bytes = shards.of(entry.shard, all[0]).asSlice(entry.offset, entry.size);
        if (checksum(bytes) != entry.checksum) {
          throw new IllegalArgumentException("the checksum of " + name + " is another");
        }
        tensors.put(name, new ForeignTensor(entry.shape, bytes, false));
      }
    });
    return tensors;
  }

  private static void block(
      MemorySegment index, long offset, long size, BiConsumer<String, MemorySegment> told) {
    each(slice(index, offset, size), told);
  }

  /// A block without its trailer, which says whether it is compressed.
  private static MemorySegment slice(MemorySegment index, long offset, long size) {
    if (index.get(ValueLayout.JAVA_BYTE, offset + size) != 0) {
      throw new IllegalArgumentException("its index is compressed");
    }
    return index.asSlice(offset, size);
  }

  /// The entries of a block. A key is told by how much it has in common with the one before it.
  private static void each(MemorySegment block, BiConsumer<String, MemorySegment> told) {
    int restarts = block.get(INT, block.byteSize() - Integer.BYTES);
    ProtoReader in =
        new ProtoReader(block.asSlice(0, block.byteSize() - Integer.BYTES * (restarts + 1L)));
    String before = "";
    while (!in.isAtEnd()) {
      int common = (int) in.varint();
      long more = in.varint();
      long length = in.varint();
      String key =
          before.substring(0, common)
              + new String(
                  in.bytes(more).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1);
      told.accept(key, in.bytes(length));
      before = key;
    }
  }

  private static int number(MemorySegment message, int wanted, int otherwise) {
    ProtoReader in = new ProtoReader(message);
    int found = otherwise;
    for (Optional<ProtoReader.Field> f = in.next(); f.isPresent(); f = in.next()) {
      found = f.get().number() == wanted ? (int) f.get().value() : found;
    }
    return found;
  }

  private static Entry entry(MemorySegment message) {
    int type = 0;
    List<Long> shape = new ArrayList<>();
    int shard = 0;
    long offset = 0;
    long size = 0;
    int checksum = 0;
    ProtoReader in = new ProtoReader(message);
    for (Optional<ProtoReader.Field> f = in.next(); f.isPresent(); f = in.next()) {
      ProtoReader.Field field = f.get();
      switch (field.number()) {
        case 1 -> type = (int) field.value();
        case 2 -> shape(field.message(), shape);
        case 3 -> shard = (int) field.value();
        case 4 -> offset = field.value();
        case 5 -> size = field.value();
        case 6 -> checksum = (int) field.value();
        default -> throw new IllegalArgumentException("it has tensors that are stored in slices");
      }
    }
    return new Entry(
        type, shape.stream().mapToLong(i -> i).toArray(), shard, offset, size, checksum);
  }

  private static void shape(ProtoReader message, List<Long> shape) {
    for (Optional<ProtoReader.Field> f = message.next(); f.isPresent(); f = message.next()) {
      if (f.get().number() == 2) {
        shape.add((long) number(f.get().bytes(), 1, 0));
      }
    }
  }

  private static int checksum(MemorySegment bytes) {
    CRC32C crc = new CRC32C();
    long step = 1 << 30;
    for (long from = 0; from < bytes.byteSize(); from += step) {
      crc.update(bytes.asSlice(from, Math.min(step, bytes.byteSize() - from)).asByteBuffer());
    }
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
  }
}
