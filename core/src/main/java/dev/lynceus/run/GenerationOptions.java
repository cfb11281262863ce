package dev.lynceus.run;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.List;

/// How an answer is generated.
///
/// @param maxTokens most tokens of the answer
/// @param stop texts at which the answer ends; they are not part of it
/// @param ending whether end tokens and stop texts end it
public record GenerationOptions(
    int maxTokens, Sampling sampling, List<String> stop, Ending ending) {

  /// Whether end tokens and stop texts end an answer.
  public enum Ending {
    /// They do.
    AS_TOLD,
    /// They are tokens and texts like others, for comparisons with a program that went on.
    NEVER
  }

  /// Greedy, up to 64 tokens.
  public static final GenerationOptions DEFAULT =
      new GenerationOptions(64, new Sampling.Greedy(), List.of());

  /// Ended by end tokens and stop texts.
  public GenerationOptions(int maxTokens, Sampling sampling, List<String> stop) {
    this(maxTokens, sampling, stop, Ending.AS_TOLD);
  }

  public GenerationOptions {
    stop = List.copyOf(stop);
    if (stop.contains("")) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, "a stop text is empty", "Leave it out, or give its characters.");
    }
    if (maxTokens < 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "an answer of " + maxTokens + " tokens",
          "Ask for at least one token.");
    }
  }

  /// Greedy, up to that many tokens.
  public static GenerationOptions greedy(int maxTokens) {
    return new GenerationOptions(maxTokens, new Sampling.Greedy(), List.of());
  }

  /// The next token alone, as the model itself has it: a setting of the checkpoint that forces the
  /// last token of an answer would force this one.
  public static GenerationOptions next() {
    return new GenerationOptions(1, new Sampling.MostProbable(), List.of());
  }

  /// The same, ended by the number of tokens alone.
  public GenerationOptions neverEnding() {
    return new GenerationOptions(maxTokens, sampling, stop, Ending.NEVER);
  }
}
