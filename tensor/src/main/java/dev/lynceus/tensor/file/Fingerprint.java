package dev.lynceus.tensor.file;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/// A quick fingerprint of weights: SHA-256 over the length and header of every file and over the
/// first and last 1024 bytes of every tensor.
///
/// It tells models and fine-tunings of one model apart without reading all of the weights, and does
/// not depend on where the files lie. It is no proof that two checkpoints are equal: bytes inside
/// of large tensors are not looked at.
final class Fingerprint {

  private static final long SAMPLE = 1024;

  private Fingerprint() {}

  /// The fingerprint of files in the given order, in 64 hexadecimal digits.
  static String of(List<Safetensors> files) {
    MessageDigest digest = sha256();
    for (Safetensors file : files) {
      file.requireUnchanged();
      MemorySegment contents = file.contents();
      digest.update(ByteBuffer.allocate(Long.BYTES).putLong(contents.byteSize()).flip());
      digest.update(contents.asSlice(0, Long.BYTES + file.headerLength()).asByteBuffer());
      for (String name : file.names()) {
        TensorInfo info = file.info(name);
        MemorySegment data = contents.asSlice(info.offset(), info.bytes());
        long sample = Math.min(SAMPLE, data.byteSize());
        digest.update(data.asSlice(0, sample).asByteBuffer());
        digest.update(data.asSlice(data.byteSize() - sample, sample).asByteBuffer());
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
