package dev.lynceus.verify;

import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.tap.Capture;
import java.util.Arrays;

/// A greedy answer, as the generation settings of the checkpoint decide it.
///
/// @param ids its tokens, the closing one included
/// @param end why it ended
// Plain numbers of a result; nothing compares these records.
@SuppressWarnings("ArrayRecordComponent")
record Greedy(int[] ids, Generation.End end) {

  /// Exactly that many tokens, whatever would end the answer.
  static int[] ids(LoadedModel model, Prompt prompt, int count) {
    return of(model, prompt, GenerationOptions.greedy(count).neverEnding()).ids;
  }

  /// An answer of at most that many tokens.
  static Greedy answer(LoadedModel model, Prompt prompt, int most) {
    return of(model, prompt, GenerationOptions.greedy(most));
  }

  private static Greedy of(LoadedModel model, Prompt prompt, GenerationOptions options) {
    try (Generation generation = model.generate(prompt, options, Capture.NONE)) {
      Generation.Answer answer = generation.answer();
      int[] ids = answer.ids();
      if (answer.closing().isPresent()) {
        ids = Arrays.copyOf(ids, ids.length + 1);
        ids[ids.length - 1] = answer.closing().getAsInt();
      }
      return new Greedy(ids, answer.end());
    }
  }

  /// Why it ended, as the script of docs/how-to/verify.md names it.
  String ended() {
    return switch (end) {
      case END_OF_TEXT -> "end token";
      case STOP_TEXT -> "stop text";
      case LENGTH -> "limit";
    };
  }
}
