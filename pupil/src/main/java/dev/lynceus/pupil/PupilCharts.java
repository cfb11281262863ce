package dev.lynceus.pupil;

import dev.lynceus.model.Checkpoints;
import java.nio.file.Path;

/// A model of the shape of [Pupil] that was taught charts in place of the world: it answers
/// questions about bars, stacked bars, lines, pies and scatter plots. Its model card says how well.
public final class PupilCharts implements Checkpoints.Bundled {

  /// Its name on the command line.
  public static final String NAME = "pupil-charts";

  @Override
  public String name() {
    return NAME;
  }

  /// The folder of the checkpoint, unpacked and checked.
  ///
  /// @throws dev.lynceus.error.LynceusException NOT_WRITABLE if it cannot be unpacked
  @Override
  public Path folder() {
    return ModelCache.fromEnvironment().unpack("charts", BundledFiles.in("charts"));
  }
}
