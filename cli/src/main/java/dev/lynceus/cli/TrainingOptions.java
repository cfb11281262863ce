package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/// What the trainings of models of the world have in common.
final class TrainingOptions {
  @Option(
      names = "--steps",
      defaultValue = "0",
      paramLabel = "N",
      description = "Steps of each stage; 0, the default, for as many as each has by itself.")
  long steps;

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "N",
      description = "Of weights and examples. Default: ${DEFAULT-VALUE}.")
  long seed = 1;

  @Option(
      names = "--until",
      paramLabel = "N",
      description = "Stop after this step of the stage, to go on another time.")
  long until = Long.MAX_VALUE;

  /// Steps of a stage.
  ///
  /// @param own as many as it has by itself
  long steps(long own) {
    return steps > 0 ? steps : own;
  }

  /// @throws LynceusException BAD_REQUEST for numbers that train nothing
  void check(String stage, int threads) {
    if (stage.equals("all") && until != Long.MAX_VALUE) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--until stops within one stage, and --stage is all",
          "Name the stage.");
    }
    if (steps < 0 || threads < 1 || until < 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--steps, --threads and --until count something",
          "Give whole numbers above zero.");
    }
  }

  static LynceusException noStage(String stage, Stream<String> known) {
    return new LynceusException(
        ErrorCode.BAD_REQUEST,
        "--stage " + stage + " is no stage",
        "Choose one of " + known.collect(Collectors.joining(", ")) + " or all.");
  }
}
