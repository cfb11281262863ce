package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.causal.CausalTracing.Direction;
import dev.lynceus.method.causal.Replacement;
import dev.lynceus.request.Corrupted;
import dev.lynceus.request.PictureRef;
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

  /// The corruption, as a request has it.
  ///
  /// @throws LynceusException BAD_REQUEST for an unknown name, or without what it needs
  Corrupted corrupted() {
    return new Corrupted(by(), where, noising ? Direction.NOISING : Direction.DENOISING, seed);
  }

  private Corrupted.By by() {
    String how = how();
    return switch (how) {
      case "noise" -> new Corrupted.Noise(noise == null ? 3 : noise);
      case "multiply" -> new Corrupted.Multiply(noise == null ? 5 : noise);
      case "shrink" -> new Corrupted.Shrink(factor);
      case "mean" -> new Corrupted.Mean();
      case "zero" -> new Corrupted.Zero();
      case "blur" -> new Corrupted.Blur(blur);
      case "other" -> {
        if (other == null) {
          throw new LynceusException(
              ErrorCode.BAD_REQUEST,
              "--corrupt other needs another picture",
              "Name one with --other.");
        }
        yield new Corrupted.Other(new PictureRef.File(other));
      }
      case "replace" -> {
        if (replace == null) {
          throw new LynceusException(
              ErrorCode.BAD_REQUEST,
              "--corrupt replace needs two words",
              "Give them with --replace, for example car=dog.");
        }
        Replacement words = Replacement.parse(replace);
        yield new Corrupted.Replace(words.word(), words.by());
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
}
