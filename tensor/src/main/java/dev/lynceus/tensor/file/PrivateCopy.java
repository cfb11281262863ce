package dev.lynceus.tensor.file;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/// A copy of a file without a name: nobody else can open, change or shorten it, and its room on the
/// disk is free again when the last mapping of it ends, also after a kill. On file systems that can
/// clone (Btrfs, XFS) it shares its blocks with the original, and costs neither time nor room.
final class PrivateCopy {
  private static final long PIECE = 64L << 20;

  private PrivateCopy() {}

  /// Copies a file.
  ///
  /// @param state of the source when it was opened; it must not change until the copy is made
  /// @return the copy, open for reading
  /// @throws LynceusException NOT_WRITABLE where the copy cannot be made; BAD_CHECKPOINT where the
  ///   source changed meanwhile
  /// @throws IOException where the source cannot be read
  static FileChannel of(FileChannel source, FileState state) throws IOException {
    Path folder = CacheFolder.ofProcess().root().resolve("private");
    FileChannel copy;
    try {
      Files.createDirectories(folder);
      copy =
          FileChannel.open(folder.resolve(UUID.randomUUID().toString()), options(), rights(folder));
    } catch (IOException e) {
      throw refused(state.path(), folder, e);
    }
    try {
      copy(source, copy, state.path(), folder);
      state.requireUnchanged();
      return copy;
    } catch (IOException | RuntimeException e) {
      copy.close();
      throw e;
    }
  }

  // On Unix the name is gone as soon as the file is open, so that no kill leaves it behind.
  private static Set<? extends OpenOption> options() {
    return Set.of(
        StandardOpenOption.CREATE_NEW,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE,
        StandardOpenOption.DELETE_ON_CLOSE);
  }

  private static FileAttribute<?>[] rights(Path folder) {
    return folder.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  private static void copy(FileChannel source, FileChannel copy, Path path, Path folder)
      throws IOException {
    long size = source.size();
    long done = 0;
    while (done < size) {
      long moved;
      try {
        moved = source.transferTo(done, Math.min(PIECE, size - done), copy);
      } catch (IOException e) {
        throw refused(path, folder, e);
      }
      if (moved <= 0) {
        throw new IOException("the file became shorter while it was copied");
      }
      done += moved;
    }
  }

  private static LynceusException refused(Path path, Path folder, IOException e) {
    return new LynceusException(
        ErrorCode.NOT_WRITABLE,
        "no private copy of %s could be made in %s: %s"
            .formatted(path, folder, e.getClass().getSimpleName() + " " + e.getMessage()),
        "Set LYNCEUS_CACHE to a folder that you may write to, on a disk with room for the weights, or"
            + " use --weights mapped.",
        e);
  }
}
