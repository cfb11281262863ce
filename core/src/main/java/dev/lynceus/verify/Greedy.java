package dev.lynceus.verify;

import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tensor.Scope;
import java.util.Arrays;

/// The most probable tokens one after the other, whatever ends an answer.
final class Greedy {
  private Greedy() {}

  /// Generates exactly that many tokens: first as an answer is generated, then, where the model
  /// ended it, one pass for each further token.
  static int[] ids(LoadedModel model, Prompt prompt, int count) {
    int[] ids;
    try (Generation generation =
        model.generate(prompt, GenerationOptions.greedy(count), Capture.NONE)) {
      ids = generation.answer().ids();
    }
    while (ids.length < count) {
      int next;
      try (Scope scope = Scope.open();
          Run run = model.run(ids.length == 0 ? prompt : prompt.withAnswer(ids), Capture.NONE)) {
        next = run.logits().argmax(-1).toInts()[0];
      }
      ids = Arrays.copyOf(ids, ids.length + 1);
      ids[ids.length - 1] = next;
    }
    return ids;
  }
}
