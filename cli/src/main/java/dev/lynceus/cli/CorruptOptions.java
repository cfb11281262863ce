package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.causal.BlurredPictures;
import dev.lynceus.method.causal.CausalTracing.Direction;
import dev.lynceus.method.causal.Corruption;
import dev.lynceus.method.causal.Replacement;
import dev.lynceus.run.LedgerKey;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How the input is corrupted, for the commands that compare a clean run with a corrupted one.
final class CorruptOptions {
  @Option(
      names = "--corrupt",
      paramLabel = "HOW",
      description = {
        "noise, multiply (random factors), shrink (one factor), mean, zero, blur, other (see",
        "--other) or replace (see --replace). Default: noise."
      })
  @Nullable String corrupt;

  @Option(
      names = "--noise",
      paramLabel = "K",
      description = {
        "noise: its standard deviations, default 3; multiply: deviation of the factors around 1,",
        "default 5."
      })
  @Nullable Double noise;

  @Option(
      names = "--factor",
      defaultValue = "0.7691",
      paramLabel = "F",
      description = "shrink: what all is multiplied by. Default: ${DEFAULT-VALUE}.")
  double factor;

  @Option(
      names = "--blur",
      defaultValue = "0.15",
      paramLabel = "SHARE",
      description = "blur: its reach, as a share of the picture's side. Default: ${DEFAULT-VALUE}.")
  double blur;

  @Option(
      names = "--other",
      paramLabel = "IMAGE",
      description = "other: the picture whose visual tokens take the place.")
  @Nullable String other;

  @Option(
      names = "--replace",
      paramLabel = "WORD=WORD",
      description = {
        "replace: a word of the question and the one that takes its place, of as many tokens.",
        "Corrupts the question in place of the picture."
      })
  @Nullable String replace;

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

  /// What a method does with a corruption.
  @FunctionalInterface
  interface Use<T> {

    /// @param where positions that are corrupted
    T apply(Corruption corruption, String where);
  }

  /// Calls a method with the corruption.
  ///
  /// @throws LynceusException BAD_REQUEST for an unknown name, or without what it needs
  <T> T with(CausalCommand<?> command, Run clean, Use<T> method) {
    String how = how();
    return switch (how) {
      case "noise" -> method.apply(new Corruption.Noise(noise == null ? 3 : noise), where);
      case "multiply" -> method.apply(new Corruption.Multiplied(noise == null ? 5 : noise), where);
      case "shrink" -> method.apply(new Corruption.Shrunk(factor), where);
      case "mean" -> method.apply(new Corruption.Mean(), where);
      case "zero" -> method.apply(new Corruption.Zero(), where);
      case "blur" -> {
        try (Run blurred = BlurredPictures.run(clean, blur)) {
          yield method.apply(
              new Corruption.Other(blurred, "a blur of %s of its side".formatted(blur)), where);
        }
      }
      case "other" -> {
        if (other == null) {
          throw new LynceusException(
              ErrorCode.BAD_REQUEST,
              "--corrupt other needs another picture",
              "Name one with --other.");
        }
        try (Run swapped = command.other(clean, other)) {
          yield method.apply(new Corruption.Other(swapped, "the vectors of " + other), where);
        }
      }
      case "replace" -> {
        if (replace == null) {
          throw new LynceusException(
              ErrorCode.BAD_REQUEST,
              "--corrupt replace needs two words",
              "Give them with --replace, for example car=dog.");
        }
        Replacement words = Replacement.parse(replace);
        Prompt prompt = command.replaced(clean, words);
        String there = words.where(command.prompt(clean), prompt);
        try (Run swapped = clean.model().run(prompt, Sweep.read(clean.model().model()))) {
          yield method.apply(
              new Corruption.Other(
                  swapped, "'%s' in the place of '%s'".formatted(words.by(), words.word())),
              there);
        }
      }
      default ->
          throw new LynceusException(
              ErrorCode.BAD_REQUEST,
              "--corrupt " + how + " is not known",
              "Use noise, multiply, shrink, mean, zero, blur, other or replace.");
    };
  }

  /// An option that only one corruption has says which is meant.
  private String how() {
    if (corrupt != null) {
      return corrupt;
    }
    if (replace != null) {
      return "replace";
    }
    return other == null ? "noise" : "other";
  }

  /// Adds the contents of the files that are read.
  LedgerKey entered(LedgerKey key, CausalCommand<?> command) {
    return other == null ? key : key.with("the other picture (--other)", command.picture(other));
  }

  /// As far as they change a number and are not files.
  String settings() {
    return String.join(
        " ",
        how(),
        noise + "",
        factor + "",
        blur + "",
        replace + "",
        where,
        noising + "",
        seed + "");
  }
}
