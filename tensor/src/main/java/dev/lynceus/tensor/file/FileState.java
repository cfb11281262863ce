package dev.lynceus.tensor.file;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the file system says about the contents of a file: which file it is, how long, and when it
/// was last written. A write changes it, as far as the clock of the file system is fine enough and
/// nobody turns that clock back.
///
/// @param path the file; links are followed
/// @param size bytes
/// @param written time of the last write
/// @param identity device and number of the file; null where the system has no such thing
record FileState(Path path, long size, FileTime written, @Nullable Object identity) {

  /// The state of a file as it is now.
  static FileState of(Path path) throws IOException {
    BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
    return new FileState(path, now.size(), now.lastModifiedTime(), now.fileKey());
  }

  /// How a file that was in this state and is mapped has changed since, in words; empty where
  /// nothing tells of a change. A file that was deleted, renamed, or replaced by a rename is not
  /// changed: the mapping still shows the old one.
  Optional<String> change() {
    FileState now;
    try {
      now = of(path);
    } catch (IOException gone) {
      return Optional.empty();
    }
    if (identity != null && !identity.equals(now.identity)) {
      return Optional.empty();
    }
    if (size != now.size) {
      return Optional.of("it had %d bytes and has %d".formatted(size, now.size));
    }
    return written.equals(now.written)
        ? Optional.empty()
        : Optional.of("it was written again at " + now.written);
  }

  /// @throws LynceusException BAD_CHECKPOINT where the file has changed
  void requireUnchanged() {
    Optional<String> change = change();
    if (change.isPresent()) {
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT,
          path + " changed while it was in use: " + change.get(),
          "Load the model again. Replace files of a model by renaming a new file over the old one,"
              + " or load with --weights private, which no change can reach.");
    }
  }
}
