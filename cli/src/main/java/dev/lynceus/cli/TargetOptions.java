package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.TargetSpec;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What shall be explained.
final class TargetOptions {
  @Option(
      names = "--target",
      paramLabel = "WORD",
      description = {
        "Explain WORD: where the answer says it, or else as the next word after the prompt.",
        "Default: the words of the model's own answer."
      })
  @Nullable String word;

  @Option(
      names = "--against",
      paramLabel = "WORD",
      description = "Explain why the --target rather than this WORD.")
  @Nullable String against;

  @Option(
      names = "--answer",
      paramLabel = "TEXT",
      description = "Explain this whole answer, as if the model had given it.")
  @Nullable String answer;

  @Option(
      names = "--next-token",
      description = "Explain the most probable next token after the prompt; generate no answer.")
  boolean nextToken;

  /// The target.
  ///
  /// @throws LynceusException BAD_REQUEST where options contradict each other
  TargetSpec target() {
    long given = Stream.of(word != null, answer != null, nextToken).filter(is -> is).count();
    if (given > 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--target, --answer and --next-token exclude each other",
          "Give one of them.");
    }
    if (against != null && word == null) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--against " + against + " stands alone",
          "Say with --target which word it is compared with.");
    }
    if (word != null) {
      return against == null
          ? new TargetSpec.Word(filled("--target", word))
          : new TargetSpec.Contrast(filled("--target", word), filled("--against", against));
    }
    if (answer != null) {
      return new TargetSpec.Answer(filled("--answer", answer));
    }
    return nextToken ? new TargetSpec.NextToken() : new TargetSpec.OwnAnswer();
  }

  private static String filled(String option, String text) {
    if (text.isBlank()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, option + " is empty", "Give a word after " + option + ".");
    }
    return text;
  }
}
