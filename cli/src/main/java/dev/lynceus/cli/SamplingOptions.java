package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.Sampling;
import dev.lynceus.run.choice.Cut;
import dev.lynceus.run.choice.GenerationSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How the tokens of an answer are chosen.
final class SamplingOptions {
  /// Most tokens of an answer where neither the user nor the checkpoint says anything.
  private static final int USUAL = 64;

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

  /// Refuses numbers that make no sense, before a model is loaded.
  ///
  /// @throws LynceusException BAD_REQUEST
  void check() {
    if (sample && temperature != 0) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--sample and --temperature exclude each other",
          "Give one of them.");
    }
    double heat = temperature == 0 ? 1 : temperature;
    var unused = new Sampling.Random(heat, topK == null ? 0 : topK, topP == null ? 1 : topP, seed);
    var unusedOptions =
        new GenerationOptions(maxTokens == null ? 1 : maxTokens, unused, Arrays.asList(stop));
  }

  /// Whether tokens are drawn.
  boolean draws() {
    return sample || temperature != 0;
  }

  /// The options as a generation takes them.
  ///
  /// @param settings what the checkpoint says where the user says nothing
  /// @param prompt positions of the prompt
  GenerationOptions options(GenerationSettings settings, int prompt) {
    int most = maxTokens == null ? settings.limit(USUAL, prompt) : maxTokens;
    return new GenerationOptions(
        most, draws() ? random(settings.drawing()) : new Sampling.Greedy(), Arrays.asList(stop));
  }

  private Sampling random(GenerationSettings.Drawing drawing) {
    List<Cut> cuts = new ArrayList<>();
    // In the order of the reference library: what the user gives takes the place of its kind.
    for (Cut cut : drawing.cuts()) {
      boolean replaced =
          cut instanceof Cut.TopK && topK != null || cut instanceof Cut.TopP && topP != null;
      if (!replaced) {
        cuts.add(cut);
      }
    }
    int place = (int) cuts.stream().filter(Cut.TopH.class::isInstance).count();
    if (topK != null && topK > 0) {
      cuts.add(place, new Cut.TopK(topK));
    }
    if (topP != null && topP < 1) {
      place =
          (int)
              cuts.stream()
                  .filter(cut -> cut instanceof Cut.TopH || cut instanceof Cut.TopK)
                  .count();
      cuts.add(place, new Cut.TopP(topP));
    }
    double heat = sample ? drawing.temperature().orElse(1) : temperature;
    return new Sampling.Random(heat, cuts, seed);
  }
}
