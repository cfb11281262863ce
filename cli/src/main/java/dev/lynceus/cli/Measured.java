package dev.lynceus.cli;

import dev.lynceus.method.KeyWord;
import dev.lynceus.method.TargetSpec;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import java.util.Arrays;
import java.util.OptionalInt;

/// Which word commands measure that change the model, and what the answer says before it.
///
/// @param start what the answer begins with
/// @param id the word's first token; empty = the most probable one after `start`
record Measured(String start, OptionalInt id) {
  /// The word that was asked for, or the one that matters.
  ///
  /// @param prompt with what the user lets the answer begin with
  static Measured of(
      LoadedModel model, Prompt prompt, WordOptions options, QuestionArguments arguments) {
    boolean placed = !arguments.start.isEmpty() || options.nextToken;
    if (placed || options.target == null && prompt.pictures().isEmpty()) {
      return new Measured(arguments.start, options.target(model));
    }
    TargetSpec spec =
        options.target == null
            ? new TargetSpec.OwnAnswer()
            : new TargetSpec.Word(options.target.strip());
    KeyWord word =
        KeyWord.find(model, prompt, spec, AnswerLength.of(model, prompt, AnswerLength.USUAL));
    int[] ids = word.prompt().ids();
    String before =
        model.tokenizer().decode(Arrays.copyOfRange(ids, prompt.length(), ids.length)).strip();
    return new Measured(before, OptionalInt.of(word.target().aims().getFirst().id()));
  }
}
