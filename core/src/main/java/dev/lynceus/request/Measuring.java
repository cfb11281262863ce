package dev.lynceus.request;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.KeyWord;
import dev.lynceus.method.Spoken;
import dev.lynceus.method.TargetSpec;
import dev.lynceus.method.WordChoice;
import dev.lynceus.method.reader.AnswerWord;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.tap.Capture;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/// What is measured of runs, found in a model: a word, and what the answer says before it; or the
/// tokens of a whole answer.
///
/// @param start what the answer begins with
/// @param id the word's first token; empty = the most probable one after `start`
/// @param against first token of the other word; empty = the most probable one beside it
/// @param why how the word was chosen, for a reader; empty where it was named
/// @param answer tokens of the whole answer that is measured; empty where a word is
// Numbers for arithmetic; nothing compares these records.
@SuppressWarnings("ArrayRecordComponent")
public record Measuring(
    String start, OptionalInt id, OptionalInt against, String why, int[] answer) {

  /// What was asked for.
  ///
  /// @param prompt with what the answer begins with
  public static Measuring of(LoadedModel model, Prompt prompt, Measure measure, String start) {
    return switch (measure) {
      case Measure.Answer(Optional<String> text) -> {
        int[] ids = text.map(one -> ids(model, one)).orElseGet(() -> own(model, prompt));
        if (ids.length == 0) {
          throw new LynceusException(
              ErrorCode.BAD_REQUEST, "the answer to measure is empty", "Give a text with words.");
        }
        yield new Measuring(start, OptionalInt.empty(), OptionalInt.empty(), "", ids);
      }
      case Measure.Word word -> word(model, prompt, word, start);
    };
  }

  private static Measuring word(LoadedModel model, Prompt prompt, Measure.Word word, String start) {
    if (!start.isEmpty() || word.place() == Measure.Place.NEXT) {
      return new Measuring(
          start, id(model, word.word()), id(model, word.against()), "", new int[0]);
    }
    TargetSpec spec =
        word.word().isEmpty()
            ? new TargetSpec.OwnAnswer()
            : new TargetSpec.Word(word.word().get().strip());
    KeyWord found = AnswerWord.find(model, prompt, spec, Explained.usual(model, prompt.length()));
    int[] ids = found.prompt().ids();
    String before =
        model.tokenizer().decode(Arrays.copyOfRange(ids, prompt.length(), ids.length)).strip();
    return new Measuring(
        before,
        OptionalInt.of(found.target().aims().getFirst().id()),
        id(model, word.against()),
        why(found),
        new int[0]);
  }

  /// The first token of a word; empty without a word.
  ///
  /// @throws LynceusException BAD_REQUEST for an empty word
  static OptionalInt id(LoadedModel model, Optional<String> word) {
    if (word.isEmpty()) {
      return OptionalInt.empty();
    }
    if (word.get().isBlank()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, "a word to measure is empty", "Give a word, or leave it out.");
    }
    return OptionalInt.of(model.tokenizer().wordIds(word.get()).getFirst());
  }

  private static int[] ids(LoadedModel model, String text) {
    return text.isBlank()
        ? new int[0]
        : model.tokenizer().wordIds(text).stream().mapToInt(Integer::intValue).toArray();
  }

  private static int[] own(LoadedModel model, Prompt prompt) {
    try (Generation generation =
        model.generate(
            prompt,
            GenerationOptions.greedy(Explained.usual(model, prompt.length())),
            Capture.NONE)) {
      return generation.answer().ids();
    }
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
