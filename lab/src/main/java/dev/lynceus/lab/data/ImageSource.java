package dev.lynceus.lab.data;

import dev.lynceus.image.RgbImage;

/// A picture of a data set, read when it is needed: a data set may have more pictures than fit in
/// memory, and a broken one is told with the example that has it.
public interface ImageSource {
  /// What the data set calls it: a file, an entry of an archive.
  String name();

  /// Decodes it, upright. Read anew with each call.
  ///
  /// @throws dev.lynceus.error.LynceusException BAD_IMAGE
  RgbImage read();
}
