package dev.lynceus.method.dependence;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.TargetSpec;

/// What is asked about an answer.
///
/// @param target the word, or the piece, that is explained
/// @param maxTokens most tokens of a written answer
/// @param heads how many heads are silenced, and how many random ones beside them
/// @param draws how many others are taken away beside what a map points at
/// @param seed of all that is drawn
/// @param command the command line that makes the result again
public record DependenceOptions(
    TargetSpec target, int maxTokens, int heads, int draws, long seed, String command) {
  /// The word that the picture decides most, six heads, eight draws.
  public static final DependenceOptions DEFAULT =
      new DependenceOptions(new TargetSpec.OwnAnswer(), 32, 6, 8, 0, "");

  public DependenceOptions {
    if (maxTokens < 1 || heads < 0 || draws < 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "an answer of %d tokens, %d heads and %d draws".formatted(maxTokens, heads, draws),
          "Use 1 or more tokens and draws, and 0 or more heads.");
    }
  }
}
