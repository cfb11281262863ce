package dev.lynceus.lab.data;

import dev.hardwood.metadata.ColumnChunk;
import dev.hardwood.metadata.ColumnMetaData;
import dev.hardwood.metadata.CompressionCodec;
import dev.hardwood.metadata.FileMetaData;
import dev.hardwood.metadata.RowGroup;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.file.InputFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Holds what a Parquet file says of itself against what is there, before anybody takes memory for
/// it: lengths of its footer, places of its columns, sizes of its pages.
final class ParquetCheck {
  private static final int MOST_FOOTER = 64 << 20;
  private static final long MOST_PAGE = 512L << 20;
  private static final long MOST_VALUES = 50_000_000;
  private static final int MOST_PAGES = 2_000_000;

  private static final Set<CompressionCodec> READ =
      Set.of(
          CompressionCodec.UNCOMPRESSED,
          CompressionCodec.SNAPPY,
          CompressionCodec.GZIP,
          CompressionCodec.ZSTD);

  private final Path file;
  private final FileChannel channel;
  private final long length;
  private int pages;

  private ParquetCheck(Path file, FileChannel channel) throws IOException {
    this.file = file;
    this.channel = channel;
    this.length = channel.size();
  }

  /// Checks the footer.
  ///
  /// @throws LynceusException BAD_REQUEST
  static void footer(Path file) {
    try (FileChannel channel = InputFile.ANY.open(file)) {
      new ParquetCheck(file, channel).footer();
    } catch (IOException e) {
      throw broken(file, "it cannot be read: " + e.getMessage());
    }
  }

  /// Checks what the footer says of the columns.
  ///
  /// @throws LynceusException BAD_REQUEST
  static void pages(Path file, FileMetaData meta, DataLimits limits) {
    if (meta.numRows() < 0 || meta.numRows() > limits.rows()) {
      throw Refusal.bad(
          "%s says that it has %,d rows; at most %,d are read"
              .formatted(file, meta.numRows(), limits.rows()),
          "Split the file.");
    }
    try (FileChannel channel = InputFile.ANY.open(file)) {
      ParquetCheck check = new ParquetCheck(file, channel);
      for (RowGroup group : meta.rowGroups()) {
        if (group.numRows() < 0 || group.numRows() > meta.numRows()) {
          throw broken(file, "a group has " + group.numRows() + " rows");
        }
        for (ColumnChunk chunk : group.columns()) {
          check.chunk(chunk);
        }
      }
    } catch (IOException e) {
      throw broken(file, "it cannot be read: " + e.getMessage());
    }
  }

  private void footer() throws IOException {
    if (length < 12) {
      throw broken(file, "it has " + length + " bytes");
    }
    ByteBuffer end = read(length - 8, 8).order(ByteOrder.LITTLE_ENDIAN);
    int size = end.getInt(0);
    if (end.getInt(4) == 0x45524150) {
      throw Refusal.bad(file + " is encrypted", "Give a Parquet file that is not encrypted.");
    }
    if (end.getInt(4) != 0x31524150) {
      throw broken(file, "it does not end as Parquet does");
    }
    if (size <= 0 || size > MOST_FOOTER || size > length - 12) {
      throw broken(file, "its footer says that it has " + size + " bytes");
    }
    try {
      Thrift.walk(read(length - 8 - size, size));
    } catch (Thrift.Broken e) {
      throw broken(file, "in its footer, " + e.getMessage());
    }
  }

  private void chunk(ColumnChunk chunk) throws IOException {
    ColumnMetaData column = chunk.metaData();
    if (!READ.contains(column.codec())) {
      throw Refusal.bad(
          "%s is packed with %s, which is not read".formatted(file, column.codec()),
          "Write it again with Snappy, Zstandard or gzip, or without compression.");
    }
    Long dictionary = column.dictionaryPageOffset();
    long start =
        dictionary != null && dictionary > 0 && dictionary < column.dataPageOffset()
            ? dictionary
            : column.dataPageOffset();
    long size = column.totalCompressedSize();
    if (start < 4 || size < 0 || start > length || size > length - start) {
      throw broken(file, "a column of it lies outside of the file");
    }
    within(chunk.offsetIndexOffset(), chunk.offsetIndexLength());
    within(chunk.columnIndexOffset(), chunk.columnIndexLength());
    if (column.numValues() < 0 || column.numValues() > MOST_VALUES * 4) {
      throw broken(file, "a column has " + column.numValues() + " values");
    }
    long at = start;
    while (at < start + size) {
      if (++pages > MOST_PAGES) {
        throw broken(file, "it has more than " + MOST_PAGES + " pages");
      }
      at = page(at, start + size);
    }
  }

  private void within(@Nullable Long offset, @Nullable Integer size) {
    if (offset != null
        && size != null
        && (offset < 0 || size < 0 || offset > length || size > length - offset)) {
      throw broken(file, "an index of it lies outside of the file");
    }
  }

  /// Checks a page; returns where the next begins.
  private long page(long at, long end) throws IOException {
    ByteBuffer header = read(at, (int) Math.min(end - at, 1 << 12));
    Map<String, Long> numbers;
    try {
      try {
        numbers = Thrift.walk(header);
      } catch (Thrift.Broken e) {
        // Its statistics may be long.
        header = read(at, (int) Math.min(end - at, 1 << 24));
        numbers = Thrift.walk(header);
      }
    } catch (Thrift.Broken e) {
      throw broken(file, "in the head of a page at byte " + at + ", " + e.getMessage());
    }
    long unpacked = numbers.getOrDefault("2", -1L);
    long packed = numbers.getOrDefault("3", -1L);
    long next = at + header.position() + packed;
    if (unpacked < 0 || unpacked > MOST_PAGE || packed < 0 || next > end) {
      throw broken(
          file,
          "a page at byte %d says that it has %d bytes, %d when unpacked"
              .formatted(at, packed, unpacked));
    }
    for (String values : new String[] {"5.1", "7.1", "8.1"}) {
      long count = numbers.getOrDefault(values, 0L);
      if (count < 0 || count > MOST_VALUES) {
        throw broken(file, "a page at byte " + at + " says that it has " + count + " values");
      }
    }
    return next;
  }

  private ByteBuffer read(long at, int size) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(size);
    while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) >= 0) {
      // goes on
    }
    return bytes.flip();
  }

  static LynceusException broken(Path file, String why) {
    return Refusal.bad(
        "%s is no whole Parquet file: %s".formatted(file, why), "Fetch or write the file again.");
  }
}
