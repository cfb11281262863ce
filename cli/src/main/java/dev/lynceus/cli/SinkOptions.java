package dev.lynceus.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How attention sinks are found.
final class SinkOptions {
  @Option(
      names = "--sink-dimension",
      paramLabel = "D",
      description = {
        "Dimension of the residual stream in which sinks have massive values. May be given several",
        "times. Default: those in which the first position has them."
      })
  List<Integer> dimensions = List.of();

  @Option(
      names = "--sink-threshold",
      paramLabel = "PHI",
      description = {
        "A sink has |x_d| / RMS(x) of PHI or more there. Default: 20, or half of the root of the",
        "model's width where that is less."
      })
  @Nullable Double threshold;
}
