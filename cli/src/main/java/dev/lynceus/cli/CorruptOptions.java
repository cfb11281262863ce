package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.causal.CausalTracing.Direction;
import dev.lynceus.method.causal.Corruption;
import dev.lynceus.run.Run;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How the input is corrupted, for the commands that compare a clean run with a corrupted one.
final class CorruptOptions {
  @Option(
      names = "--corrupt",
      defaultValue = "noise",
      paramLabel = "HOW",
      description = "noise, mean, zero, or other (see --other). Default: ${DEFAULT-VALUE}.")
  String corrupt = "noise";

  @Option(
      names = "--noise",
      defaultValue = "3",
      paramLabel = "K",
      description = "Noise of K standard deviations. Default: ${DEFAULT-VALUE}.")
  double noise;

  @Option(
      names = "--other",
      paramLabel = "IMAGE",
      description = "With --corrupt other: the picture whose visual tokens take the place.")
  @Nullable String other;

  @Option(
      names = "--where",
      defaultValue = "image",
      paramLabel = "WHICH",
      description = "Positions that are corrupted. Default: ${DEFAULT-VALUE}.")
  String where = "image";

  @Option(
      names = "--noising",
      description = "The other way round: put corrupted states into the clean run.")
  boolean noising;

  @Option(
      names = "--seed",
      defaultValue = "0",
      paramLabel = "N",
      description = "Seed of the first noise. Default: ${DEFAULT-VALUE}.")
  long seed;

  /// What is carried where.
  Direction direction() {
    return noising ? Direction.NOISING : Direction.DENOISING;
  }

  /// Calls a method with the corruption.
  ///
  /// @throws LynceusException BAD_REQUEST for an unknown name, or without another picture
  <T> T with(CausalCommand<?> command, Run clean, Function<Corruption, T> method) {
    return switch (corrupt) {
      case "noise" -> method.apply(new Corruption.Noise(noise));
      case "mean" -> method.apply(new Corruption.Mean());
      case "zero" -> method.apply(new Corruption.Zero());
      case "other" -> {
        if (other == null) {
          throw new LynceusException(
              ErrorCode.BAD_REQUEST,
              "--corrupt other needs another picture",
              "Name one with --other.");
        }
        try (Run swapped = command.other(clean, other)) {
          yield method.apply(new Corruption.Other(swapped));
        }
      }
      default ->
          throw new LynceusException(
              ErrorCode.BAD_REQUEST,
              "--corrupt " + corrupt + " is not known",
              "Use noise, mean, zero or other.");
    };
  }

  /// As far as they change a number.
  String settings() {
    return String.join(" ", corrupt, noise + "", other + "", where, noising + "", seed + "");
  }
}
