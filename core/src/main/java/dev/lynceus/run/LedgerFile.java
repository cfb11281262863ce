package dev.lynceus.run;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.file.InputFile;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

  private final Map<Integer, double[]> results;
  private final LedgerLines lines;

  private LedgerFile(LedgerLines lines, Map<Integer, double[]> results) {
    this.lines = lines;
    this.results = results;
  }

  /// Opens a ledger, or begins one where the file is absent.
  ///
  /// @param key what the sweep is
  /// @throws LynceusException BAD_REQUEST if the file is another sweep's, an older Lynceus's,
  ///   damaged, in use, or no ledger; NOT_WRITABLE if it cannot be written
  public static LedgerFile open(Path file, LedgerKey key) {
    Map<Integer, double[]> results = new HashMap<>();
    return new LedgerFile(
        LedgerLines.open(
            file, key, (text, line, number, place) -> text.read(line, number, results)),
        results);
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
    try (var stream = Channels.newInputStream(InputFile.ANY.open(file))) {
      LedgerText.checkBeginning(
          file, new String(stream.readNBytes(LedgerText.HEAD.length()), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw notWritable(file, e);
    }
  }

  /// What users should know about the file; empty where all is well.
  public Optional<String> notice() {
    return lines.notice();
  }

  static LynceusException notWritable(Path file, IOException e) {
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
    lines.add(lines.text().line(replay, result));
  }

  @Override
  public void flush() {
    lines.flush();
  }

  @Override
  public void close() {
    lines.close();
  }
}
