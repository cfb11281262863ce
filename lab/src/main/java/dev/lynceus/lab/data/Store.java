package dev.lynceus.lab.data;

import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.file.InputFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Bytes at a place of a file, or of a file that was unpacked.
///
/// @param file as the user knows it
/// @param unpacked what it was unpacked to; null for the file itself
record Store(Path file, @Nullable FileChannel unpacked) {
  /// Bytes from `offset` on.
  ///
  /// @throws LynceusException BAD_IMAGE where they are no longer there
  byte[] read(long offset, int length) {
    try {
      if (unpacked != null) {
        return read(unpacked, offset, length);
      }
      try (FileChannel channel = InputFile.ANY.open(file)) {
        return read(channel, offset, length);
      }
    } catch (IOException e) {
      throw Refusal.badImage(
          "%s cannot be read: %s".formatted(file, e.getMessage()), "Check the file and the disk.");
    }
  }

  private byte[] read(FileChannel channel, long offset, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, offset + bytes.position()) < 0) {
        throw Refusal.badImage(
            file + " is shorter than it was when it was opened", "Leave the file as it is.");
      }
    }
    return bytes.array();
  }
}
