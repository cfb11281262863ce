package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/// A file that a command writes. It is checked before the work begins, appears whole or not at all,
/// and never takes the place of a file that Lynceus did not write unless the user insists.
final class OutputFile {
  /// What every page of Lynceus has near its beginning.
  private static final String OWN_MARK = "Lynceus</title>";

  private static final int MARK_WITHIN = 8192;

  private final Path path;
  private final Console console;

  private OutputFile(Path path, Console console) {
    this.path = path;
    this.console = console;
  }

  /// Checks that a file can be written.
  ///
  /// @param force whether a file that Lynceus did not write may be replaced
  /// @throws LynceusException NOT_WRITABLE
  static OutputFile checked(String name, boolean force, Console console) {
    Path path = parse(name);
    Path folder = path.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw refused(
          path + " cannot be written: there is no folder " + folder, "Make the folder first.");
    }
    if (Files.isDirectory(path)) {
      throw refused(path + " is a folder", "Name a file with --output.");
    }
    if (!Files.isWritable(folder)) {
      throw refused(
          path + " cannot be written: you may not write into " + folder,
          "Name a file in another folder with --output.");
    }
    if (Files.exists(path) && !force && !isOwn(path)) {
      throw refused(
          path + " exists and was not written by Lynceus",
          "Name another file with --output, or replace it with --force.");
    }
    return new OutputFile(path, console);
  }

  /// The file.
  Path path() {
    return path;
  }

  /// Writes the whole file.
  ///
  /// @throws LynceusException NOT_WRITABLE
  void write(String text) {
    write(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Writes the whole file.
  ///
  /// @throws LynceusException NOT_WRITABLE
  void write(byte[] bytes) {
    Path temporary = path.resolveSibling("." + path.getFileName() + "." + UUID.randomUUID());
    Runnable done = console.cleanup().add(() -> delete(temporary));
    try {
      Files.write(temporary, bytes);
      Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new LynceusException(
          ErrorCode.NOT_WRITABLE,
          path + " could not be written: " + e.getClass().getSimpleName(),
          "Check that the disk has room and that you may write there.",
          e);
    } finally {
      delete(temporary);
      done.run();
    }
  }

  private static Path parse(String name) {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw new LynceusException(
          ErrorCode.NOT_WRITABLE, "'" + name + "' is not a file name", "Name a file.", e);
    }
  }

  private static boolean isOwn(Path path) {
    try (InputStream in = Files.newInputStream(path)) {
      String start = new String(in.readNBytes(MARK_WITHIN), StandardCharsets.UTF_8);
      return start.startsWith("<!doctype html>") && start.contains(OWN_MARK);
    } catch (IOException e) {
      return false;
    }
  }

  private static void delete(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      // The write has succeeded, or has failed with a better reason.
    }
  }

  private static LynceusException refused(String message, String nextStep) {
    return new LynceusException(ErrorCode.NOT_WRITABLE, message, nextStep);
  }
}
