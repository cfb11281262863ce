package dev.lynceus.lab.data;

import dev.lynceus.image.RgbImage;
import dev.lynceus.tensor.file.ContentDigest;
import java.nio.file.Path;
import java.util.Optional;

/// A picture of a data set, read when it is needed: a data set may have more pictures than fit in
/// memory, and a broken one is told with the example that has it.
public interface ImageSource {
  /// What the data set calls it: a file, an entry of an archive.
  String name();

  /// Decodes it, upright. Read anew with each call.
  ///
  /// @throws dev.lynceus.error.LynceusException BAD_IMAGE
  RgbImage read();

  /// SHA-256 of what is stored, so that a picture that comes twice is known again. Reads it.
  ///
  /// @throws dev.lynceus.error.LynceusException BAD_IMAGE
  default String digest() {
    return ContentDigest.of(read().toBytes());
  }

  /// Its file; empty where it lies within another.
  default Optional<Path> file() {
    return Optional.empty();
  }
}
