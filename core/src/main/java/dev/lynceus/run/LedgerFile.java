package dev.lynceus.run;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// A ledger in a file: one line that names the sweep, then one line for each replay, with its
/// number and its results. Lines are only added, so a killed process loses at most the batch that
/// it was at; a line that was cut short is dropped.
public final class LedgerFile implements Ledger, AutoCloseable {
  private static final String HEAD = "lynceus-sweep-1 ";

  private final Path file;
  private final Map<Integer, double[]> results = new HashMap<>();
  private final Writer writer;

  private LedgerFile(Path file, String key) throws IOException {
    this.file = file;
    String head = HEAD + key + "\n";
    String text = Files.exists(file) ? Files.readString(file) : "";
    int end = text.lastIndexOf('\n') + 1;
    if (end == 0) {
      if (!head.startsWith(text)) {
        throw foreign();
      }
      Files.writeString(file, head);
    } else {
      if (!text.startsWith(head)) {
        throw foreign();
      }
      text.substring(head.length(), end).lines().forEach(this::read);
      if (end < text.length()) {
        Files.writeString(file, text.substring(0, end));
      }
    }
    this.writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.APPEND);
  }

  /// Opens a ledger, or begins one where the file is absent.
  ///
  /// @param key what the sweep is: model, input, changes and what is read; without line breaks
  /// @throws LynceusException BAD_REQUEST if the file is another sweep's or no ledger; NOT_WRITABLE
  ///   if it cannot be written
  public static LedgerFile open(Path file, String key) {
    try {
      return new LedgerFile(file, key.replaceAll("\\R", " "));
    } catch (IOException e) {
      throw notWritable(file, e);
    }
  }

  private void read(String line) {
    String[] fields = line.split(" ");
    try {
      results.put(
          Integer.parseInt(fields[0]),
          Arrays.stream(fields).skip(1).mapToDouble(Double::parseDouble).toArray());
    } catch (NumberFormatException e) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          file + " has a line that is no result: " + line,
          "Give another file, or remove this one.",
          e);
    }
  }

  private LynceusException foreign() {
    return new LynceusException(
        ErrorCode.BAD_REQUEST,
        file + " does not hold results of this sweep",
        "Give another file, or remove this one to begin anew.");
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
    return Optional.ofNullable(results.get(replay));
  }

  @Override
  public void done(int replay, double[] result) {
    results.put(replay, result.clone());
    try {
      writer.write(
          replay
              + Arrays.stream(result)
                  .mapToObj(value -> " " + value)
                  .collect(Collectors.joining("", "", "\n")));
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
    }
  }
}
