package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.request.AskRequest;
import dev.lynceus.request.Choice;
import dev.lynceus.request.ModelSpec;
import dev.lynceus.request.Question;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How the tokens of an answer are chosen.
final class SamplingOptions {
  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description = "Most tokens of an answer. Default: what the checkpoint says, else 64.")
  @Nullable Integer maxTokens;

  @Option(
      names = "--temperature",
      defaultValue = "0",
      paramLabel = "T",
      description = "0, the default, always takes the most probable token; above 0 draws lots.")
  double temperature;

  @Option(
      names = "--sample",
      description = "Draw lots with the temperature of the checkpoint, or 1.")
  boolean sample;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description = {
        "Draw among the most probable tokens that together reach P. Default of this and of",
        "--top-k: what the checkpoint says, else no limit."
      })
  @Nullable Double topP;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description = "Draw among the K most probable tokens; 0 is no limit.")
  @Nullable Integer topK;

  @Option(
      names = "--seed",
      defaultValue = "0",
      paramLabel = "N",
      description = "The same seed draws the same answer. Default: ${DEFAULT-VALUE}.")
  long seed;

  @Option(names = "--stop", paramLabel = "TEXT", description = "End the answer before this text.")
  String[] stop = {};

  /// The choice that was asked for.
  ///
  /// @throws LynceusException BAD_REQUEST for numbers that make no sense
  Choice choice() {
    if (sample && temperature != 0) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--sample and --temperature exclude each other",
          "Give one of them.");
    }
    // Numbers are refused also where none of them decides.
    Choice.Drawn drawn =
        new Choice.Drawn(
            temperature == 0 ? OptionalDouble.empty() : OptionalDouble.of(temperature),
            topK == null ? OptionalInt.empty() : OptionalInt.of(topK),
            topP == null ? OptionalDouble.empty() : OptionalDouble.of(topP),
            seed);
    return draws() ? drawn : new Choice.Greedy();
  }

  /// Whether tokens are drawn.
  private boolean draws() {
    return sample || temperature != 0;
  }

  /// The request of a question.
  ///
  /// @param weigh whether its tokens are weighed without the pictures, too
  AskRequest request(ModelSpec model, Question question, boolean weigh) {
    return new AskRequest(
        model,
        question,
        maxTokens == null ? OptionalInt.empty() : OptionalInt.of(maxTokens),
        choice(),
        Arrays.asList(stop),
        weigh);
  }
}
