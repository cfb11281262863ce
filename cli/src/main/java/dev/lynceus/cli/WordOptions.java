package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.run.LoadedModel;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which word is measured.
final class WordOptions {
  @Option(
      names = "--target",
      paramLabel = "WORD",
      description = {
        "Measure WORD, where the answer says it, or as the next word. Default: the word of the",
        "answer that the picture decides most, or its first word of content; after --start the",
        "next token."
      })
  @Nullable String target;

  @Option(
      names = "--next-token",
      description = "Measure what comes next, be it the first word of the answer.")
  boolean nextToken;

  /// The token of `--target`; empty without it.
  OptionalInt target(LoadedModel model) {
    return id(model, target);
  }

  /// The first token of a word; empty without a word.
  ///
  /// @throws LynceusException BAD_REQUEST for an empty word
  static OptionalInt id(LoadedModel model, @Nullable String word) {
    if (word == null) {
      return OptionalInt.empty();
    }
    if (word.isBlank()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, "a word to measure is empty", "Give a word, or leave it out.");
    }
    return OptionalInt.of(model.tokenizer().wordIds(word).getFirst());
  }
}
