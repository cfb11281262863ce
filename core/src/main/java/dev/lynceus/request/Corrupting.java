package dev.lynceus.request;

import dev.lynceus.method.causal.BlurredPictures;
import dev.lynceus.method.causal.CausalTracing.Direction;
import dev.lynceus.method.causal.Corruption;
import dev.lynceus.method.causal.Replacement;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Capture;
import java.util.function.BiFunction;

/// Corrupts the input of a clean run as a request says.
///
/// @param method what keeps states of the run that others are taken from
record Corrupting(Sweeping<?> sweeping, ChangeMethod<?> method, Corrupted how) {

  /// What a method does with a corruption.
  @FunctionalInterface
  interface Use<T> {

    /// @param where positions that are corrupted
    T apply(Corruption corruption, String where);
  }

  /// Calls a method with the corruption.
  <T> T with(Run clean, Use<T> use) {
    String where = how.where();
    return switch (how.by()) {
      case Corrupted.Noise(double deviations) -> use.apply(new Corruption.Noise(deviations), where);
      case Corrupted.Multiply(double deviation) ->
          use.apply(new Corruption.Multiplied(deviation), where);
      case Corrupted.Shrink(double factor) -> use.apply(new Corruption.Shrunk(factor), where);
      case Corrupted.Mean mean -> use.apply(new Corruption.Mean(), where);
      case Corrupted.Zero zero -> use.apply(new Corruption.Zero(), where);
      case Corrupted.Blur(double share) -> {
        try (Run blurred = BlurredPictures.run(clean, share)) {
          yield use.apply(
              new Corruption.Other(blurred, "a blur of %s of its side".formatted(share)), where);
        }
      }
      case Corrupted.Other(PictureRef picture) -> {
        try (Run swapped = sweeping.other(method, picture)) {
          yield use.apply(
              new Corruption.Other(swapped, "the vectors of " + Question.name(picture)), where);
        }
      }
      case Corrupted.Replace(String word, String by) -> {
        Replacement words = new Replacement(word, by);
        Prompt prompt = sweeping.replaced(words);
        String there = words.where(sweeping.prompt(), prompt);
        try (Run swapped = clean.model().run(prompt, Sweep.read(clean.model().model()))) {
          yield use.apply(
              new Corruption.Other(swapped, "'%s' in the place of '%s'".formatted(by, word)),
              there);
        }
      }
    };
  }

  /// Calls a method with a run and its corrupted twin: what is put back, and into which.
  ///
  /// @param capture what the twin must keep
  <T> T twins(Run clean, Capture capture, BiFunction<Run, Run, T> use) {
    return with(
        clean,
        (corrupt, where) -> {
          try (Run broken =
              clean
                  .model()
                  .run(clean.batch(), capture, corrupt.changes(clean, where, how.seed()))) {
            return how.direction() == Direction.DENOISING
                ? use.apply(broken, clean)
                : use.apply(clean, broken);
          }
        });
  }
}
