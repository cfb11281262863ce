package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.pupil.world.World;
import picocli.CommandLine.Option;

/// Which scenes are measured on.
final class PupilOptions {
  @Option(
      names = "--seed",
      defaultValue = "20260",
      paramLabel = "N",
      description = "Which sequence of scenes. Default: ${DEFAULT-VALUE}.")
  long seed = World.HELD_OUT;

  /// A number of scenes that can be measured on.
  ///
  /// @param option that it was given with
  static int scenes(String option, int scenes) {
    if (scenes < 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          option + " " + scenes + " is no number of scenes",
          "Give 1 or more.");
    }
    return scenes;
  }
}
