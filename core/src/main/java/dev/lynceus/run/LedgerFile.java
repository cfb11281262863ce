package dev.lynceus.run;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.file.InputFile;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// A ledger in a file: one line that tells what the sweep is (see [LedgerKey]), then one line for
/// each replay: its number, its results, and a checksum over them and the first line. Lines are
/// only added, so a killed process loses at most the batch that it was at.
///
/// A last line that was cut short is dropped, and [#notice()] tells so. Any other line that is not
/// what this class wrote for this sweep is refused by its number: results are taken whole or not at
/// all. Numbers that are not finite are not kept; their replays are made again.
public final class LedgerFile implements Ledger, AutoCloseable {

  private final Path file;
  private final LedgerText text;
  private final Map<Integer, double[]> results = new HashMap<>();
  private final FileChannel channel;
  private final Writer writer;
  private Optional<String> notice = Optional.empty();

  private LedgerFile(Path file, LedgerKey key, FileChannel channel) throws IOException {
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
        text.read(lines[i], i + 1, results);
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
  /// @param key what the sweep is
  /// @throws LynceusException BAD_REQUEST if the file is another sweep's, an older Lynceus's,
  ///   damaged, in use, or no ledger; NOT_WRITABLE if it cannot be written
  public static LedgerFile open(Path file, LedgerKey key) {
    requireUsable(file);
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      lock(file, channel);
      return new LedgerFile(file, key, channel);
    } catch (IOException e) {
      close(channel);
      throw notWritable(file, e);
    } catch (RuntimeException e) {
      close(channel);
      throw e;
    }
  }

  /// Passes where a file may become, or go on being, a ledger, as far as can be told without
  /// knowing the sweep: to be asked before long work.
  ///
  /// @throws LynceusException BAD_REQUEST or NOT_WRITABLE
  public static void requireUsable(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      throw notWritable(file, new IOException("there is no folder " + folder));
    }
    if (!Files.exists(file)) {
      if (folder != null && !Files.isWritable(folder)) {
        throw notWritable(file, new IOException("no permission to write into " + folder));
      }
      return;
    }
    if (!Files.isRegularFile(file)) {
      throw LedgerText.bad(file + " is no regular file");
    }
    if (!Files.isWritable(file)) {
      throw notWritable(file, new IOException("no permission"));
    }
    try (var stream = Channels.newInputStream(InputFile.REQUEST.open(file))) {
      LedgerText.checkBeginning(
          file, new String(stream.readNBytes(LedgerText.HEAD.length()), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw notWritable(file, e);
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

  /// What users should know about the file; empty where all is well.
  public Optional<String> notice() {
    return notice;
  }

  private static LynceusException notWritable(Path file, IOException e) {
    return new LynceusException(
        ErrorCode.NOT_WRITABLE,
        "cannot write " + file + ": " + e.getMessage(),
        "Give a file in a folder that exists and can be written.",
        e);
  }

  @Override
  public Optional<double[]> result(int replay) {
    return Optional.ofNullable(results.get(replay)).map(double[]::clone);
  }

  @Override
  public void done(int replay, double[] result) {
    results.put(replay, result.clone());
    if (!Arrays.stream(result).allMatch(Double::isFinite)) {
      return;
    }
    try {
      writer.write(text.line(replay, result) + "\n");
    } catch (IOException e) {
      throw notWritable(file, e);
    }
  }

  @Override
  public void flush() {
    try {
      writer.flush();
    } catch (IOException e) {
      throw notWritable(file, e);
    }
  }

  @Override
  public void close() {
    try {
      writer.close();
    } catch (IOException e) {
      throw notWritable(file, e);
    } finally {
      close(channel);
    }
  }

  private static void close(@org.jspecify.annotations.Nullable FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // Nothing is lost: what matters was flushed, or has failed with a better reason.
    }
  }
}
