package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.TargetSpec;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which one word is explained or measured.
final class KeyWordOptions {
  @Option(
      names = "--target",
      paramLabel = "WORD",
      description = {
        "About WORD: where the answer says it, or else as the next word. Default: the word of the",
        "answer that the picture decides most."
      })
  @Nullable String target;

  @Option(names = "--next-token", description = "About the most probable next token.")
  boolean nextToken;

  /// The word.
  ///
  /// @throws LynceusException BAD_REQUEST where options contradict each other
  TargetSpec spec() {
    if (nextToken && target != null) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--target and --next-token exclude each other",
          "Give one of them.");
    }
    if (target != null) {
      return new TargetSpec.Word(target);
    }
    return nextToken ? new TargetSpec.NextToken() : new TargetSpec.OwnAnswer();
  }
}
