package dev.lynceus.pupil;

import dev.lynceus.model.Checkpoints;
import java.nio.file.Path;

/// The text-only model that [Pupil] was made from: its decoder before it ever saw a picture.
public final class PupilBase implements Checkpoints.Bundled {

  /// Its name on the command line.
  public static final String NAME = "pupil-base";

  @Override
  public String name() {
    return NAME;
  }

  /// The folder of the checkpoint, unpacked and checked.
  ///
  /// @throws dev.lynceus.error.LynceusException NOT_WRITABLE if it cannot be unpacked
  @Override
  public Path folder() {
    return ModelCache.fromEnvironment().unpack("base", BundledFiles.in("base"));
  }
}
