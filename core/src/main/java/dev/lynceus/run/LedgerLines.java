package dev.lynceus.run;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The file of a ledger: a first line that tells what it is about, and lines that are only added.
/// It is locked while it is open.
final class LedgerLines implements AutoCloseable {

  /// Takes a line that is there already.
  interface LineReader {
    /// @param number of the line, from 1
    /// @param place where it stands
    void read(LedgerText text, String line, int number, Place place);
  }

  /// Where a line stands in the file.
  ///
  /// @param at its first byte
  /// @param bytes without the end of the line
  record Place(long at, int bytes) {}

  /// More than any head has.
  private static final int MOST_HEAD = 1 << 20;

  private final Path file;
  private final LedgerText text;
  private final FileChannel channel;
  private final Writer writer;
  private Optional<String> notice = Optional.empty();
  private long end;

  private LedgerLines(Path file, LedgerKey key, FileChannel channel, LineReader reader)
      throws IOException {
    this.file = file;
    this.channel = channel;
    this.text = new LedgerText(file, key);
    long whole = scan(reader);
    if (whole == 0) {
      text.checkBegun(string(new Place(0, Math.toIntExact(Math.min(channel.size(), MOST_HEAD)))));
      channel.truncate(0);
      append(text.head() + "\n");
    } else {
      if (whole < channel.size()) {
        notice =
            Optional.of(
                "the last line of %s was cut short, as a process leaves it that is stopped while it writes; its replay is made again"
                    .formatted(file));
      }
      channel.truncate(whole);
    }
    end = channel.size();
    channel.position(end);
    this.writer = new BufferedWriter(Channels.newWriter(channel, StandardCharsets.UTF_8), 1 << 16);
  }

  /// Opens a ledger, or begins one where the file is absent.
  ///
  /// @throws LynceusException BAD_REQUEST, NOT_WRITABLE, see [LedgerFile#open]
  static LedgerLines open(Path file, LedgerKey key, LineReader reader) {
    LedgerFile.requireUsable(file);
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      lock(file, channel);
      return new LedgerLines(file, key, channel, reader);
    } catch (IOException e) {
      close(channel);
      throw LedgerFile.notWritable(file, e);
    } catch (RuntimeException e) {
      close(channel);
      throw e;
    }
  }

  private static void lock(Path file, FileChannel channel) throws IOException {
    try {
      if (channel.tryLock() != null) {
        return;
      }
    } catch (OverlappingFileLockException e) {
      // In use by another thread: refused below.
    } catch (IOException e) {
      // Some network file systems have no locks; two writers at once are found by their lines.
      return;
    }
    throw new LynceusException(
        ErrorCode.BAD_REQUEST,
        file + " is in use by another sweep",
        "Wait until that has ended, or give another file.");
  }

  /// Reads the lines that are whole, one by one: a ledger may be larger than memory.
  ///
  /// @return where the last of them ends
  private long scan(LineReader reader) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    long begun = 0;
    long at = 0;
    int number = 0;
    while (channel.read(buffer.clear(), at) > 0) {
      byte[] bytes = buffer.array();
      int from = 0;
      for (int i = 0; i < buffer.position(); i++) {
        if (bytes[i] != '\n') {
          continue;
        }
        line.write(bytes, from, i - from);
        String whole = line.toString(StandardCharsets.UTF_8);
        number++;
        if (number == 1) {
          text.checkHead(whole);
        } else {
          reader.read(text, whole, number, new Place(begun, line.size()));
        }
        line.reset();
        from = i + 1;
        begun = at + from;
      }
      line.write(bytes, from, buffer.position() - from);
      at += buffer.position();
    }
    return begun;
  }

  /// What stands somewhere.
  private String string(Place place) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(place.bytes());
    while (buffer.hasRemaining() && channel.read(buffer, place.at() + buffer.position()) >= 0) {
      // Until all is there.
    }
    return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
  }

  /// A line that was read or added.
  String line(Place place) {
    flush();
    try {
      return string(place);
    } catch (IOException e) {
      throw LedgerFile.notWritable(file, e);
    }
  }

  private void append(String line) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  LedgerText text() {
    return text;
  }

  /// What users should know about the file; empty where all is well.
  Optional<String> notice() {
    return notice;
  }

  /// Adds a line.
  ///
  /// @return where it will stand
  Place add(String line) {
    Place place = new Place(end, line.getBytes(StandardCharsets.UTF_8).length);
    try {
      writer.write(line + "\n");
      end += place.bytes() + 1;
      return place;
    } catch (IOException e) {
      throw LedgerFile.notWritable(file, e);
    }
  }

  void flush() {
    try {
      writer.flush();
    } catch (IOException e) {
      throw LedgerFile.notWritable(file, e);
    }
  }

  @Override
  public void close() {
    try {
      writer.close();
    } catch (IOException e) {
      throw LedgerFile.notWritable(file, e);
    } finally {
      close(channel);
    }
  }

  private static void close(@Nullable FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // Nothing is lost: what matters was flushed, or has failed with a better reason.
    }
  }
}
