package dev.lynceus.run;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The file of a ledger: a first line that tells what it is about, and lines that are only added.
/// It is locked while it is open.
final class LedgerLines implements AutoCloseable {

  /// Takes a line that is there already.
  interface LineReader {
    /// @param number of the line, from 1
    void read(LedgerText text, String line, int number);
  }

  private final Path file;
  private final LedgerText text;
  private final FileChannel channel;
  private final Writer writer;
  private Optional<String> notice = Optional.empty();

  private LedgerLines(Path file, LedgerKey key, FileChannel channel, LineReader reader)
      throws IOException {
    this.file = file;
    this.channel = channel;
    this.text = new LedgerText(file, key);
    byte[] bytes = read();
    int end = 0;
    for (int i = 0; i < bytes.length; i++) {
      end = bytes[i] == '\n' ? i + 1 : end;
    }
    if (end == 0) {
      text.checkBegun(new String(bytes, StandardCharsets.UTF_8));
      channel.truncate(0);
      append(text.head() + "\n");
    } else {
      String[] lines = new String(bytes, 0, end, StandardCharsets.UTF_8).split("\n", -1);
      text.checkHead(lines[0]);
      for (int i = 1; i < lines.length - 1; i++) {
        reader.read(text, lines[i], i + 1);
      }
      if (end < bytes.length) {
        notice =
            Optional.of(
                "the last line of %s was cut short, as a process leaves it that is stopped while it writes; its replay is made again"
                    .formatted(file));
      }
      channel.truncate(end);
    }
    channel.position(channel.size());
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

  private byte[] read() throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(channel.size()));
    while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
      // Until all is there.
    }
    return Arrays.copyOf(buffer.array(), buffer.position());
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
  void add(String line) {
    try {
      writer.write(line + "\n");
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
