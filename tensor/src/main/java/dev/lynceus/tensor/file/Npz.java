package dev.lynceus.tensor.file;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/// Arrays in NumPy's `.npz`, so that Python reads them with `numpy.load(path)`.
///
/// All element types but bfloat16, which NumPy does not have; row-major order. Arrays are stored
/// without compression, and equal arrays make equal files.
public final class Npz {

  private static final String SUFFIX = ".npy";
  private static final int BUFFER = 1 << 16;

  /// What deflate can shrink at the most; an entry that claims more is no honest entry.
  private static final long MAX_DEFLATE_RATIO = 1032;

  private Npz() {}

  /// Writes arrays in the order of the map, replacing a file of that name.
  ///
  /// @throws LynceusException NOT_WRITABLE where that fails; BAD_REQUEST where an array is bfloat16
  public static void write(Path path, Map<String, StoredTensor> arrays) {
    Map<String, byte[]> headers = new LinkedHashMap<>();
    arrays.forEach((name, array) -> headers.put(name, header(name, array)));
    AtomicFile.write(
        path,
        channel -> {
          ZipOutputStream zip = new ZipOutputStream(Channels.newOutputStream(channel));
          for (Map.Entry<String, StoredTensor> array : arrays.entrySet()) {
            byte[] header = headers.getOrDefault(array.getKey(), new byte[0]);
            MemorySegment data = array.getValue().data();
            ZipEntry entry = new ZipEntry(array.getKey() + SUFFIX);
            entry.setMethod(ZipEntry.STORED);
            entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
            entry.setSize(header.length + data.byteSize());
            entry.setCompressedSize(header.length + data.byteSize());
            CRC32 crc = new CRC32();
            crc.update(header);
            copy(data, crc::update);
            entry.setCrc(crc.getValue());
            zip.putNextEntry(entry);
            zip.write(header);
            copy(data, zip::write);
            zip.closeEntry();
          }
          // Not closed: that would close the channel before it is forced to the disk.
          zip.finish();
          zip.flush();
        });
  }

  /// Reads all arrays, in the order of the file, into memory that lives as long as they are used.
  ///
  /// @throws LynceusException BAD_REQUEST where the file is missing or broken, or where an array is
  ///   of a kind that is not read (objects, strings, big-endian, Fortran order)
  public static Map<String, StoredTensor> read(Path path) {
    Map<String, StoredTensor> arrays = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(path.toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        if (!entry.getName().endsWith(SUFFIX)) {
          throw bad(path, "holds '" + entry.getName() + "', which is no .npy array");
        }
        String name = entry.getName().substring(0, entry.getName().length() - SUFFIX.length());
        if (arrays.put(name, array(path, name, zip, entry)) != null) {
          throw bad(path, "holds the array '" + name + "' twice");
        }
      }
    } catch (IOException e) {
      throw bad(path, "is no .npz file that can be read: " + e.getMessage());
    }
    return arrays;
  }

  private static StoredTensor array(Path path, String name, ZipFile zip, ZipEntry entry)
      throws IOException {
    if (entry.getSize() / MAX_DEFLATE_RATIO > entry.getCompressedSize()) {
      throw bad(path, "claims an impossible size for the array '" + name + "'");
    }
    try (InputStream in = zip.getInputStream(entry)) {
      // Enough for the fixed part and the longest header that is accepted.
      byte[] start = in.readNBytes((int) Math.min(entry.getSize(), 1 << 14));
      NpyHeader header = NpyHeader.parse(start);
      OptionalLong bytes = Shapes.bytes(header.shape(), header.dtype().bytes());
      if (bytes.isEmpty() || bytes.getAsLong() != entry.getSize() - header.length()) {
        throw bad(path, "holds the array '" + name + "' with data that its shape does not fit");
      }
      MemorySegment data = Arena.ofAuto().allocate(bytes.getAsLong(), Long.BYTES);
      int first = start.length - header.length();
      MemorySegment.copy(MemorySegment.ofArray(start), header.length(), data, 0, first);
      byte[] buffer = new byte[BUFFER];
      long done = first;
      while (done < data.byteSize()) {
        int count = in.read(buffer, 0, (int) Math.min(BUFFER, data.byteSize() - done));
        if (count < 0) {
          throw bad(path, "is truncated in the array '" + name + "'");
        }
        MemorySegment.copy(MemorySegment.ofArray(buffer), 0, data, done, count);
        done += count;
      }
      return new StoredTensor(header.dtype(), header.shape(), data);
    } catch (IllegalArgumentException e) {
      throw bad(path, "holds the array '" + name + "' that cannot be read: " + e.getMessage());
    }
  }

  private static byte[] header(String name, StoredTensor array) {
    try {
      return NpyHeader.write(array.dtype(), array.shape());
    } catch (IllegalArgumentException e) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "The array '" + name + "' cannot be written as .npy: " + e.getMessage(),
          "Convert it first, or write safetensors.",
          e);
    }
  }

  /// A receiver of bytes, such as a checksum or a stream.
  @FunctionalInterface
  private interface Sink {
    void accept(byte[] bytes, int offset, int count) throws IOException;
  }

  private static void copy(MemorySegment data, Sink sink) throws IOException {
    byte[] buffer = new byte[BUFFER];
    for (long offset = 0; offset < data.byteSize(); offset += BUFFER) {
      int count = (int) Math.min(BUFFER, data.byteSize() - offset);
      MemorySegment.copy(data, offset, MemorySegment.ofArray(buffer), 0, count);
      sink.accept(buffer, 0, count);
    }
  }

  private static LynceusException bad(Path path, String what) {
    return new LynceusException(
        ErrorCode.BAD_REQUEST,
        path + " " + what,
        "Give a file that numpy.savez wrote with plain numbers in C order.");
  }
}
