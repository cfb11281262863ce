package dev.lynceus.cli;

import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.Sampling;
import java.util.Arrays;
import picocli.CommandLine.Option;

/// How the tokens of an answer are chosen.
final class SamplingOptions {
  @Option(
      names = "--max-tokens",
      defaultValue = "64",
      paramLabel = "N",
      description = "Most tokens of an answer. Default: ${DEFAULT-VALUE}.")
  int maxTokens;

  @Option(
      names = "--temperature",
      defaultValue = "0",
      paramLabel = "T",
      description = "0, the default, always takes the most probable token; above 0 draws lots.")
  double temperature;

  @Option(
      names = "--top-p",
      defaultValue = "1",
      paramLabel = "P",
      description = "Draw among the most probable tokens that together reach P.")
  double topP;

  @Option(
      names = "--top-k",
      defaultValue = "0",
      paramLabel = "K",
      description = "Draw among the K most probable tokens; 0 is no limit.")
  int topK;

  @Option(
      names = "--seed",
      defaultValue = "0",
      paramLabel = "N",
      description = "The same seed draws the same answer. Default: ${DEFAULT-VALUE}.")
  long seed;

  @Option(names = "--stop", paramLabel = "TEXT", description = "End the answer before this text.")
  String[] stop = {};

  /// The options as a generation takes them.
  ///
  /// @throws dev.lynceus.error.LynceusException BAD_REQUEST for numbers that make no sense
  GenerationOptions options() {
    Sampling how =
        temperature == 0
            ? new Sampling.Greedy()
            : new Sampling.Random(temperature, topK, topP, seed);
    return new GenerationOptions(maxTokens, how, Arrays.asList(stop));
  }
}
