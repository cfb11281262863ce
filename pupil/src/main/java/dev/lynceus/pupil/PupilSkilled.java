package dev.lynceus.pupil;

import dev.lynceus.model.Checkpoints;
import java.nio.file.Path;

/// [Pupil] after a further stage of training: it describes up to six things, refers to marks, reads
/// crops of large pictures and several pictures in one question, and says where a question takes
/// for granted what is not so. Its model card says how well.
public final class PupilSkilled implements Checkpoints.Bundled {

  /// Its name on the command line.
  public static final String NAME = "pupil-skilled";

  @Override
  public String name() {
    return NAME;
  }

  /// The folder of the checkpoint, unpacked and checked.
  ///
  /// @throws dev.lynceus.error.LynceusException NOT_WRITABLE if it cannot be unpacked
  @Override
  public Path folder() {
    return ModelCache.fromEnvironment().unpack("skilled", BundledFiles.in("skilled"));
  }
}
