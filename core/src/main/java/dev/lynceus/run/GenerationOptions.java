package dev.lynceus.run;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.List;

/// How an answer is generated.
///
/// @param maxTokens most tokens of the answer
/// @param stop texts at which the answer ends; they are not part of it
public record GenerationOptions(int maxTokens, Sampling sampling, List<String> stop) {

  /// Greedy, up to 64 tokens.
  public static final GenerationOptions DEFAULT =
      new GenerationOptions(64, new Sampling.Greedy(), List.of());

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

  /// The same, with at most that many tokens.
  GenerationOptions upTo(int tokens) {
    return tokens == maxTokens ? this : new GenerationOptions(tokens, sampling, stop);
  }
}
