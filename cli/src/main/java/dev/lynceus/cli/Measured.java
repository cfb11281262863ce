package dev.lynceus.cli;

import dev.lynceus.method.KeyWord;
import dev.lynceus.method.Spoken;
import dev.lynceus.method.TargetSpec;
import dev.lynceus.method.WordChoice;
import dev.lynceus.method.reader.AnswerWord;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import java.util.Arrays;
import java.util.OptionalInt;

/// Which word commands measure that change the model, and what the answer says before it.
///
/// @param start what the answer begins with
/// @param id the word's first token; empty = the most probable one after `start`
/// @param why how it was chosen, for a reader; empty where the user placed it
record Measured(String start, OptionalInt id, String why) {
  /// The word that was asked for, or the one that matters.
  ///
  /// @param prompt with what the user lets the answer begin with
  static Measured of(
      LoadedModel model, Prompt prompt, WordOptions options, QuestionArguments arguments) {
    boolean placed = !arguments.start.isEmpty() || options.nextToken;
    if (placed) {
      return new Measured(arguments.start, options.target(model), "");
    }
    TargetSpec spec =
        options.target == null
            ? new TargetSpec.OwnAnswer()
            : new TargetSpec.Word(options.target.strip());
    KeyWord word =
        AnswerWord.find(model, prompt, spec, AnswerLength.of(model, prompt, AnswerLength.USUAL));
    int[] ids = word.prompt().ids();
    String before =
        model.tokenizer().decode(Arrays.copyOfRange(ids, prompt.length(), ids.length)).strip();
    return new Measured(before, OptionalInt.of(word.target().aims().getFirst().id()), why(word));
  }

  /// What the picture does to the word, and why this one.
  private static String why(KeyWord word) {
    WordChoice choice = word.choice();
    if (choice.reason() == WordChoice.Reason.ASKED
        || choice.reason() == WordChoice.Reason.NEXT
        || choice.chosen() < 0) {
      return "";
    }
    WordChoice.Weighed chosen = choice.words().get(choice.chosen());
    Double blind = chosen.blind();
    return choice.why()
        + (blind == null
            ? ""
            : " (%s, without it %s)"
                .formatted(
                    Spoken.percent(Math.exp(chosen.logProbability())),
                    Spoken.percent(Math.exp(blind))));
  }
}
