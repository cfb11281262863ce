package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.run.LedgerFile;
import dev.lynceus.tensor.file.FileFault;
import dev.lynceus.tensor.file.InputFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.UUID;

/// A file that a command writes. It is checked before the work begins, appears whole or not at all,
/// and never takes the place of a file that Lynceus did not write unless the user insists.
final class OutputFile {
  /// What every page of Lynceus has near its beginning.
  private static final String OWN_MARK = "Lynceus</title>";

  private static final int MARK_WITHIN = 8192;

  /// Less free space than the smallest result would need.
  private static final long LEAST_ROOM = 64L << 10;

  private final Path path;
  private final Console console;

  private final boolean replaces;

  private OutputFile(Path path, Console console, boolean replaces) {
    this.path = path;
    this.console = console;
    this.replaces = replaces;
  }

  /// Checks that a file can be written.
  ///
  /// @param force whether a file that Lynceus did not write may be replaced
  /// @throws LynceusException NOT_WRITABLE
  static OutputFile checked(String name, boolean force, Console console) {
    Path path = place(name);
    if (Files.exists(path) && !force && !isOwn(path)) {
      throw refused(
          path + (isDrawn(path) ? " exists and is no page of Lynceus" : " exists already"),
          "Name another file, or replace it with --force.");
    }
    return new OutputFile(path, console, Files.exists(path) && !force);
  }

  /// Checks a ledger: a new file, or one that some sweep has begun. Whether it is this sweep's is
  /// asked when the sweep is known.
  ///
  /// @throws LynceusException NOT_WRITABLE; BAD_REQUEST where it is no ledger
  static void checkLedger(String name) {
    LedgerFile.requireUsable(place(name));
  }

  /// Checks a folder that files are written into: it is there, or can be made.
  ///
  /// @throws LynceusException NOT_WRITABLE
  static void checkFolder(String name) {
    Path folder = parse(name).toAbsolutePath();
    while (!InputFile.isThere(folder) && folder.getParent() != null) {
      folder = folder.getParent();
    }
    if (!Files.isDirectory(folder)) {
      throw refused(folder + " is not a folder", "Name another folder.");
    }
    requireRoom(folder, name);
  }

  /// The place of a file, after links: writing replaces what a link leads to, not the link.
  private static Path place(String name) {
    Path path = parse(name);
    if (Files.isDirectory(path)) {
      throw refused(path + " is a folder", "Name a file.");
    }
    if (Files.isSymbolicLink(path)) {
      try {
        path = path.toRealPath();
      } catch (IOException e) {
        throw refused(
            path + " is a link to a file that is not there", "Name the file itself, or another.");
      }
    }
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw refused(
          path + " is a pipe, a device or a socket, not a regular file",
          "Name a file; a result that needs none goes to stdout without that option.");
    }
    Path folder = path.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw refused(
          path + " cannot be written: there is no folder " + folder, "Make the folder first.");
    }
    requireRoom(folder, name);
    return path;
  }

  private static void requireRoom(Path folder, String name) {
    if (!Files.isWritable(folder)) {
      throw refused(
          name + " cannot be written: you may not write into " + folder,
          "Name a place in another folder.");
    }
    try {
      if (Files.getFileStore(folder).getUsableSpace() < LEAST_ROOM) {
        throw refused(
            name + " cannot be written: the disk of " + folder + " is full",
            "Make room, or name a place on another disk.");
      }
    } catch (IOException e) {
      // A file system that does not tell; writing will.
    }
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
      if (replaces) {
        console.err().println("note: an earlier " + path + " is replaced");
      }
    } catch (IOException e) {
      throw new LynceusException(
          ErrorCode.NOT_WRITABLE,
          path + " could not be written: " + FileFault.reason(e),
          rescued(bytes),
          e);
    } finally {
      delete(temporary);
      done.run();
    }
  }

  /// Writes a result that its own place did not take where temporary files go.
  private String rescued(byte[] bytes) {
    String suffix = String.valueOf(path.getFileName()).replaceFirst("^.*(?=[.])", "");
    try {
      Path kept = Files.createTempFile("lynceus-result-", suffix.length() > 8 ? "" : suffix);
      Files.write(kept, bytes);
      return "The result is not lost: it is in " + kept + ".";
    } catch (IOException e) {
      return "Make room, or name a place on another disk with --output.";
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

  /// Whether it is a page or a figure by its name: of others nobody asks who made them.
  private static boolean isDrawn(Path path) {
    String name = path.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".html") || name.endsWith(".svg") || name.endsWith(".png");
  }

  private static boolean isOwn(Path path) {
    String start = start(path, MARK_WITHIN);
    return start.startsWith("<!doctype html>") && start.contains(OWN_MARK);
  }

  /// How a regular file begins; empty where it cannot be read.
  private static String start(Path path, int bytes) {
    try (FileChannel in = InputFile.REQUEST.open(path)) {
      ByteBuffer start = ByteBuffer.allocate(bytes);
      while (start.hasRemaining() && in.read(start) >= 0) {}
      return new String(start.array(), 0, start.position(), StandardCharsets.UTF_8);
    } catch (IOException | LynceusException e) {
      return "";
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
