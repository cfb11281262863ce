package dev.lynceus.pupil;

import dev.lynceus.model.Checkpoints;
import java.nio.file.Path;

/// A BLIP that answers questions about coloured silhouettes with a word or two: an encoder reads
/// the question beside the tower, and a decoder answers. It shows by which ways that family
/// answers.
public final class PupilBlip implements Checkpoints.Bundled {

  /// Its name on the command line.
  public static final String NAME = "pupil-blip";

  @Override
  public String name() {
    return NAME;
  }

  /// The folder of the checkpoint, unpacked and checked.
  ///
  /// @throws dev.lynceus.error.LynceusException NOT_WRITABLE if it cannot be unpacked
  @Override
  public Path folder() {
    return ModelCache.fromEnvironment().unpack("blip", BundledFiles.in("blip"));
  }
}
