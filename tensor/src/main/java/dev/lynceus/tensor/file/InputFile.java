package dev.lynceus.tensor.file;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.List;

/// The one way by which files are read, by what they are read for.
///
/// Only regular files are opened: opening a pipe waits for somebody to write into it, and a device
/// may never end. No more is read than the file system says that there is, and no more than such a
/// file may have; a file that is larger is refused before a byte of it is read.
public enum InputFile {
  /// Weights, which are mapped, not read: of any size.
  WEIGHTS(ErrorCode.BAD_CHECKPOINT, ErrorCode.MODEL_NOT_FOUND, Long.MAX_VALUE, "weights"),
  /// A JSON file of a checkpoint.
  SETTINGS(ErrorCode.BAD_CHECKPOINT, ErrorCode.MODEL_NOT_FOUND, 32L << 20, "settings of a model"),
  /// A tokenizer, the largest of the JSON files: some have a quarter of a million words.
  TOKENIZER(ErrorCode.BAD_CHECKPOINT, ErrorCode.MODEL_NOT_FOUND, 128L << 20, "a tokenizer"),
  /// A chat template.
  TEMPLATE(ErrorCode.BAD_CHECKPOINT, ErrorCode.MODEL_NOT_FOUND, 4L << 20, "a chat template"),
  /// A picture; how much it may have depends on its pixels, too.
  PICTURE(ErrorCode.BAD_IMAGE, ErrorCode.BAD_IMAGE, Integer.MAX_VALUE - 8L, "an image file"),
  /// A file that goes through piece by piece, to be summed up: of any size.
  ANY(ErrorCode.BAD_REQUEST, ErrorCode.BAD_REQUEST, Long.MAX_VALUE, "a file"),
  /// What a user gives with a request: data sets, texts, thresholds, changes, results kept.
  REQUEST(ErrorCode.BAD_REQUEST, ErrorCode.BAD_REQUEST, 256L << 20, "a file of a request"),
  /// Reference values that a model is compared with.
  REFERENCE(ErrorCode.BAD_REQUEST, ErrorCode.BAD_REQUEST, 256L << 20, "reference values");

  private static final long LARGEST_ARRAY = Integer.MAX_VALUE - 8L;

  private final ErrorCode broken;
  private final ErrorCode absent;
  private final long mostBytes;
  private final String what;

  InputFile(ErrorCode broken, ErrorCode absent, long mostBytes, String what) {
    this.broken = broken;
    this.absent = absent;
    this.mostBytes = mostBytes;
    this.what = what;
  }

  /// The largest file that is read, in bytes.
  public long mostBytes() {
    return mostBytes;
  }

  /// The path of a name as a user or a file gives it.
  ///
  /// @throws LynceusException this kind's code for what can be no name, such as one with a NUL
  public Path path(String name) {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw new LynceusException(
          broken,
          Quoted.name(name) + " is not a file name: " + e.getReason(),
          "Give the name of a file.",
          e);
    }
  }

  /// Whether something of that name is there, be it readable or not. A link that leads nowhere is
  /// there, too: reading it tells so, while taking it for absent would read something else instead.
  public static boolean isThere(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  /// Whether a name is that of a regular file, also through links.
  public static boolean isRegular(Path file) {
    return Files.isRegularFile(file);
  }

  /// All bytes of a file.
  ///
  /// @throws LynceusException this kind's code, naming the file, where it is not there, is no
  ///   regular file, too large, or cannot be read
  public byte[] bytes(Path file) {
    return bytes(file, mostBytes);
  }

  /// All bytes of a file that may have at most `most`.
  ///
  /// @throws LynceusException as [#bytes(Path)]
  public byte[] bytes(Path file, long most) {
    // What is read becomes an array, whatever its kind may have.
    long size = size(file, Math.min(most, LARGEST_ARRAY));
    if (size == 0) {
      return new byte[0]; // files that the kernel makes up have no size, and may have no end
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(size));
      int read = 0;
      while (bytes.hasRemaining() && read >= 0) {
        read = channel.read(bytes);
      }
      return bytes.hasRemaining() ? Arrays.copyOf(bytes.array(), bytes.position()) : bytes.array();
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /// A file as text.
  ///
  /// @throws LynceusException as [#bytes(Path)], and where it is not UTF-8
  public String text(Path file) {
    byte[] bytes = bytes(file);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new LynceusException(
          broken, file + " is not text in UTF-8", "Save it as UTF-8, or give another file.", e);
    }
  }

  /// The lines of a file.
  ///
  /// @throws LynceusException as [#text]
  public List<String> lines(Path file) {
    return text(file).lines().toList();
  }

  /// A file, opened to be read or mapped piece by piece.
  ///
  /// @throws LynceusException as [#bytes(Path)]
  public FileChannel open(Path file) {
    size(file, mostBytes);
    try {
      return FileChannel.open(file, StandardOpenOption.READ);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /// The size of a file that can be read.
  ///
  /// @throws LynceusException as [#bytes(Path)]
  public long size(Path file) {
    return size(file, mostBytes);
  }

  private long size(Path file, long most) {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(file, BasicFileAttributes.class);
    } catch (IOException e) {
      if (!isThere(file)) {
        throw new LynceusException(absent, file + " does not exist", "Check the path.", e);
      }
      throw Files.isSymbolicLink(file)
          ? bad(
              file + " is a link to a file that is not there",
              "Fetch or make the file that it leads to, or remove the link.")
          : unreadable(file, e);
    }
    if (attributes.isDirectory()) {
      throw bad(file + " is a folder, not " + what, "Name one file in it.");
    }
    if (!attributes.isRegularFile()) {
      throw bad(
          file + " is a pipe, a device or a socket, not a regular file",
          "Write what it gives into a file, and give that.");
    }
    if (attributes.size() > most) {
      throw bad(
          "%s has %d MiB, more than the %d MiB that %s may have"
              .formatted(file, attributes.size() >> 20, most >> 20, what),
          "Check that this is the file you mean.");
    }
    return attributes.size();
  }

  private LynceusException unreadable(Path file, IOException e) {
    return e instanceof AccessDeniedException
        ? new LynceusException(broken, file + " may not be read", "Change its permissions.", e)
        : new LynceusException(
            broken, file + " cannot be read: " + e.getMessage(), "Check the file and the disk.", e);
  }

  private LynceusException bad(String message, String nextStep) {
    return new LynceusException(broken, message, nextStep);
  }
}
