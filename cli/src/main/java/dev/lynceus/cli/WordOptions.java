package dev.lynceus.cli;

import dev.lynceus.request.Measure;
import java.util.Optional;
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

  /// The word, as a request has it.
  ///
  /// @param against the other one; null for none
  Measure.Word measure(@Nullable String against) {
    return new Measure.Word(
        Optional.ofNullable(target),
        nextToken ? Measure.Place.NEXT : Measure.Place.ANSWER,
        Optional.ofNullable(against));
  }
}
