package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.file.InputFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/// Which pictures a file of questions may name.
final class DatasetOptions {
  @Option(
      names = "--images-anywhere",
      description = {
        "Pictures of a file of questions may lie outside of its folder; give it for files of your",
        "own only."
      })
  boolean anywhere;

  /// Reads a line of a file of questions.
  ///
  /// @param <T> what a line is
  interface LineReader<T> {
    /// What a line is.
    ///
    /// @param number of the line, from 1
    T read(String text, Path file, int number, DatasetOptions options);
  }

  /// The lines of a file of questions, blank ones left out.
  ///
  /// @param limit most lines that are read
  /// @throws LynceusException BAD_REQUEST if there is no such file, or it has no lines
  <T> List<T> lines(Path file, int limit, LineReader<T> reader) {
    List<String> lines = InputFile.REQUEST.lines(file);
    List<T> rows = new ArrayList<>();
    for (int i = 0; i < lines.size() && rows.size() < limit; i++) {
      if (!lines.get(i).isBlank()) {
        rows.add(reader.read(lines.get(i), file, i + 1, this));
      }
    }
    if (rows.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          file + " has no questions",
          "Write one JSON object a line, with image and question.");
    }
    return rows;
  }

  /// The file of a picture that a line names. It stays inside the folder of the file of questions,
  /// also where links lead: such files come from others, and what lies elsewhere is no picture of
  /// theirs.
  ///
  /// @param where what messages call the line
  /// @throws LynceusException BAD_REQUEST
  Path picture(Path questions, String name, String where) {
    Path folder = questions.toAbsolutePath().normalize().getParent();
    Path file;
    try {
      file = folder == null ? Path.of(name) : folder.resolve(name);
    } catch (InvalidPathException e) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          where + ": image is not the name of a file",
          "Name a picture in the folder of the questions.",
          e);
    }
    if (!anywhere && folder != null && !isInside(file, folder)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "%s: image %s lies outside of %s".formatted(where, name, folder),
          "Move the picture into that folder, or allow it with --images-anywhere.");
    }
    return file;
  }

  private static boolean isInside(Path file, Path folder) {
    if (!file.normalize().startsWith(folder)) {
      return false;
    }
    try {
      // A picture that is not there is told by its reader.
      return !Files.exists(file) || file.toRealPath().startsWith(folder.toRealPath());
    } catch (IOException e) {
      return false;
    }
  }
}
