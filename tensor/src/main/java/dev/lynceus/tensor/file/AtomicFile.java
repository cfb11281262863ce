package dev.lynceus.tensor.file;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/// Writes files so that a reader sees all of the new file or what was there before, never a part.
public final class AtomicFile {

  /// A byte buffer can hold no more than 2 GiB, so larger segments are written in pieces.
  private static final long PIECE = 1L << 30;

  private static final long COPIED_PIECE = 1L << 20;

  /// What fills a file.
  @FunctionalInterface
  interface Body {
    void write(FileChannel channel) throws IOException;
  }

  private AtomicFile() {}

  /// Writes beside the target, then renames. Whatever fails, no partial file is left.
  ///
  /// @throws LynceusException NOT_WRITABLE
  static void write(Path target, Body body) {
    // Not Files.createTempFile: its files can be read by their owner only, and so would be the
    // result.
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      throw new LynceusException(
          ErrorCode.NOT_WRITABLE,
          target + " is no regular file, and is not replaced",
          "Name another file.");
    }
    Path temporary = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
    try {
      try (FileChannel channel =
          FileChannel.open(
              temporary,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE)) {
        body.write(channel);
        channel.force(true);
      }
      try {
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new LynceusException(
          ErrorCode.NOT_WRITABLE,
          target + " could not be written: " + FileFault.reason(e),
          "Check that the folder exists, that you may write into it, and that the disk has room.",
          e);
    } finally {
      deleteQuietly(temporary);
    }
  }

  /// Writes a small file as a whole.
  ///
  /// @throws LynceusException NOT_WRITABLE, also where the target is no regular file
  public static void write(Path target, byte[] bytes) {
    write(
        target,
        channel -> {
          ByteBuffer left = ByteBuffer.wrap(bytes);
          while (left.hasRemaining()) {
            channel.write(left);
          }
        });
  }

  /// Writes all bytes of a segment of any length, in native memory or over an array of any type.
  static void writeFully(FileChannel channel, MemorySegment bytes) throws IOException {
    long step = bytes.isNative() ? PIECE : COPIED_PIECE;
    for (long offset = 0; offset < bytes.byteSize(); offset += step) {
      MemorySegment piece = bytes.asSlice(offset, Math.min(step, bytes.byteSize() - offset));
      // Only native memory can be seen as a buffer whatever the type of its elements.
      ByteBuffer buffer =
          piece.isNative()
              ? piece.asByteBuffer()
              : ByteBuffer.wrap(piece.toArray(ValueLayout.JAVA_BYTE));
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }
  }

  private static void deleteQuietly(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      // The write itself has succeeded or has already failed with a better reason.
    }
  }
}
