package dev.lynceus.request;

import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.Sampling;
import dev.lynceus.run.choice.Cut;
import dev.lynceus.run.choice.GenerationSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// How the tokens of an answer are chosen.
public sealed interface Choice {
  /// Most tokens where neither the request nor the checkpoint says anything.
  int USUAL = 64;

  /// Always the most probable one.
  record Greedy() implements Choice {}

  /// By lot.
  ///
  /// @param temperature what logits are divided by; empty = what the checkpoint says, else 1
  /// @param topK draw among the most probable so many; 0 = no limit; empty = what the checkpoint
  ///   says, else no limit
  /// @param topP draw among the most probable that together reach this; empty = as `topK`
  /// @param seed the same seed draws the same answer
  record Drawn(
      @Setting(least = 0, most = 1_000_000) OptionalDouble temperature,
      @Setting(least = 0, most = 1_000_000) OptionalInt topK,
      @Setting(least = 0, most = 1) OptionalDouble topP,
      @Setting(otherwise = "0") long seed)
      implements Choice {
    public Drawn {
      // Refuses numbers that make no sense before a model is loaded.
      var unused = new Sampling.Random(temperature.orElse(1), topK.orElse(0), topP.orElse(1), seed);
    }

    private Sampling sampling(GenerationSettings.Drawing drawing) {
      List<Cut> cuts = new ArrayList<>();
      // In the order of the reference library: what the user gives takes the place of its kind.
      for (Cut cut : drawing.cuts()) {
        boolean replaced =
            cut instanceof Cut.TopK && topK.isPresent()
                || cut instanceof Cut.TopP && topP.isPresent();
        if (!replaced) {
          cuts.add(cut);
        }
      }
      int place = (int) cuts.stream().filter(Cut.TopH.class::isInstance).count();
      if (topK.isPresent() && topK.getAsInt() > 0) {
        cuts.add(place, new Cut.TopK(topK.getAsInt()));
      }
      if (topP.isPresent() && topP.getAsDouble() < 1) {
        place =
            (int)
                cuts.stream()
                    .filter(cut -> cut instanceof Cut.TopH || cut instanceof Cut.TopK)
                    .count();
        cuts.add(place, new Cut.TopP(topP.getAsDouble()));
      }
      double heat = temperature.orElse(drawing.temperature().orElse(1));
      return new Sampling.Random(heat, cuts, seed);
    }
  }

  /// `greedy` or `drawn`, as results call it.
  default String word() {
    return Kinds.word(getClass());
  }

  /// The choice as a generation takes it.
  ///
  /// @param settings what the checkpoint says where nothing is said here
  /// @param prompt positions of the prompt
  /// @param maxTokens empty = what the checkpoint says, else 64
  /// @param stop texts that end the answer
  default GenerationOptions options(
      GenerationSettings settings, int prompt, OptionalInt maxTokens, List<String> stop) {
    Sampling sampling =
        switch (this) {
          case Greedy greedy -> new Sampling.Greedy();
          case Drawn drawn -> drawn.sampling(settings.drawing());
        };
    return new GenerationOptions(
        maxTokens.orElseGet(() -> settings.limit(USUAL, prompt)), sampling, stop);
  }
}
