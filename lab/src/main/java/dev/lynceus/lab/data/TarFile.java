package dev.lynceus.lab.data;

import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.file.InputFile;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/// The entries of an archive, without its contents (POSIX.1-1988 and pax, GNU long names). A packed
/// one is unpacked into a temporary file without a name, which goes when nobody reads it any more.
final class TarFile {
  private static final int BLOCK = 512;
  private static final int MOST_NAME = 1 << 16;

  /// A file within an archive.
  record Entry(String name, long offset, long size, char type) {}

  private final Path file;
  private final Store store;
  private final FileChannel channel;
  private final DataLimits limits;

  private TarFile(Path file, FileChannel channel, boolean unpacked, DataLimits limits) {
    this.file = file;
    this.channel = channel;
    this.store = new Store(file, unpacked ? channel : null);
    this.limits = limits;
  }

  /// Whether the bytes of a file begin with an entry.
  static boolean isTar(byte[] start) {
    return start.length >= BLOCK && hasChecksum(ByteBuffer.wrap(start, 0, BLOCK).slice());
  }

  /// Goes over the entries of an archive.
  ///
  /// @param each takes entries, with the store that their bytes are in
  /// @throws LynceusException BAD_REQUEST for what is broken; entries before it were given
  static void each(Path file, boolean packed, DataLimits limits, BiConsumer<Store, Entry> each) {
    FileChannel channel = packed ? unpacked(file, limits) : InputFile.ANY.open(file);
    try {
      TarFile tar = new TarFile(file, channel, packed, limits);
      tar.entries(each);
    } catch (IOException e) {
      throw Refusal.bad(file + " cannot be read: " + e.getMessage(), "Check the file.", e);
    } finally {
      if (!packed) {
        close(channel);
      }
    }
  }

  private static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // It was only read.
    }
  }

  private static FileChannel unpacked(Path file, DataLimits limits) {
    long most = Math.min(limits.unpackedBytes(), 64 * InputFile.ANY.size(file) + (64L << 20));
    Path temporary = null;
    try (InputStream packed =
        new GZIPInputStream(
            new BufferedInputStream(Channels.newInputStream(InputFile.ANY.open(file))), 1 << 16)) {
      temporary = Files.createTempFile("lynceus", ".tar");
      try (OutputStream out = Files.newOutputStream(temporary)) {
        byte[] buffer = new byte[1 << 16];
        long total = 0;
        for (int read = packed.read(buffer); read >= 0; read = packed.read(buffer)) {
          total += read;
          if (total > most) {
            throw Refusal.bad(
                "%s unpacks to more than %d MiB".formatted(file, most >> 20),
                "Unpack it yourself if you trust it, and give the .tar.");
          }
          out.write(buffer, 0, read);
        }
      }
      // Open, it is read on without a name, and its room is free when nobody reads it any more.
      return InputFile.ANY.open(temporary);
    } catch (ZipException | EOFException e) {
      throw Refusal.bad(
          file + " is cut short or no gzip: " + e.getMessage(), "Fetch the file again.", e);
    } catch (IOException e) {
      throw Refusal.bad(
          "%s could not be unpacked: %s".formatted(file, e.getMessage()),
          "Make room for temporary files, or unpack it yourself and give the .tar.",
          e);
    } finally {
      remove(temporary);
    }
  }

  private static void remove(@Nullable Path temporary) {
    try {
      if (temporary != null) {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      // Where open files cannot be removed, it goes when the program ends.
      temporary.toFile().deleteOnExit();
    }
  }

  private void entries(BiConsumer<Store, Entry> each) throws IOException {
    long end = channel.size();
    long at = 0;
    String longName = null;
    Pax pax = Pax.NONE;
    int count = 0;
    while (at + BLOCK <= end) {
      ByteBuffer header = block(at, BLOCK);
      if (isZero(header)) {
        return;
      }
      if (!hasChecksum(header)) {
        throw Refusal.bad(
            "%s is broken: there is no entry at byte %d".formatted(file, at),
            "Fetch or write the archive again.");
      }
      if (++count > limits.entries()) {
        throw Refusal.bad(
            "%s has more than %,d entries".formatted(file, limits.entries()), "Split the archive.");
      }
      char type = (char) header.get(156);
      long size = pax.size() >= 0 && isPlain(type) ? pax.size() : number(header, 124, 12);
      long start = at + BLOCK;
      if (size < 0 || size > end - start) {
        throw Refusal.bad(
            "%s is cut short: its entry at byte %d has %d bytes, of which %d are there"
                .formatted(file, at, size, end - start),
            "Fetch the archive again.");
      }
      switch (type) {
        case 'L' -> longName = text(small(start, size), 0, (int) size);
        case 'x' -> pax = Pax.of(small(start, size));
        case 'g', 'K', '5' -> {
          // For all entries, or of links and folders: nothing that matters here.
        }
        default -> {
          String name =
              !pax.path().isEmpty() ? pax.path() : longName != null ? longName : name(header);
          each.accept(store, new Entry(name, start, size, type));
        }
      }
      if (type != 'L' && type != 'x' && type != 'K') {
        longName = null;
        pax = Pax.NONE;
      }
      at = start + (size + BLOCK - 1) / BLOCK * BLOCK;
    }
  }

  static boolean isPlain(char type) {
    return type == '0' || type == 0 || type == '7';
  }

  private ByteBuffer small(long start, long size) throws IOException {
    if (size > MOST_NAME) {
      throw Refusal.bad(
          "%s is broken: the name of an entry has %d bytes".formatted(file, size),
          "Write the archive again.");
    }
    return block(start, (int) size);
  }

  private ByteBuffer block(long at, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) >= 0) {
      // goes on
    }
    return bytes.rewind();
  }

  private static boolean isZero(ByteBuffer header) {
    for (int i = 0; i < BLOCK; i++) {
      if (header.get(i) != 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean hasChecksum(ByteBuffer header) {
    long sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= 148 && i < 156 ? ' ' : header.get(i) & 0xff;
    }
    return !isZero(header) && sum == number(header, 148, 8);
  }

  /// A number in octal digits, or in binary where the first bit is set; -1 for none.
  private static long number(ByteBuffer header, int at, int length) {
    if ((header.get(at) & 0x80) != 0) {
      long value = header.get(at) & 0x3f;
      for (int i = 1; i < length; i++) {
        if (value >> 55 != 0) {
          return -1;
        }
        value = value << 8 | header.get(at + i) & 0xff;
      }
      return value;
    }
    String digits = text(header, at, length).strip();
    return digits.isEmpty() ? 0 : digits.matches("[0-7]{1,12}") ? Long.parseLong(digits, 8) : -1;
  }

  private static String name(ByteBuffer header) {
    String name = text(header, 0, 100);
    boolean posix = text(header, 257, 5).equals("ustar") && header.get(262) == 0;
    String prefix = posix ? text(header, 345, 155) : "";
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  private static String text(ByteBuffer bytes, int at, int length) {
    int end = at;
    while (end < at + length && end < bytes.limit() && bytes.get(end) != 0) {
      end++;
    }
    byte[] text = new byte[end - at];
    bytes.get(at, text);
    return new String(text, StandardCharsets.UTF_8);
  }

  /// What a pax header says of the next entry.
  private record Pax(String path, long size) {
    static final Pax NONE = new Pax("", -1);

    static Pax of(ByteBuffer bytes) {
      String path = "";
      long size = -1;
      int at = 0;
      while (at < bytes.limit()) {
        int space = at;
        while (space < bytes.limit() && bytes.get(space) != ' ') {
          space++;
        }
        String digits = text(bytes, at, space - at);
        int length = digits.matches("\\d{1,6}") ? Integer.parseInt(digits) : 0;
        if (length <= space - at || at + length > bytes.limit()) {
          break;
        }
        String line = text(bytes, space + 1, at + length - space - 2);
        int equals = line.indexOf('=');
        String value = line.substring(equals + 1);
        switch (equals < 0 ? "" : line.substring(0, equals).toLowerCase(Locale.ROOT)) {
          case "path" -> path = value;
          case "size" -> size = value.matches("\\d{1,18}") ? Long.parseLong(value) : -1;
          default -> {
            // Times, owners.
          }
        }
        at += length;
      }
      return new Pax(path, size);
    }
  }
}
