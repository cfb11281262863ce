package dev.lynceus.lab.think;

import dev.lynceus.method.Inputs;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// How much of the attention of the position that predicts the answer goes to some words of the
/// prompt: mean over layers and heads.
final class RationaleAttention {
  private RationaleAttention() {}

  /// The part.
  ///
  /// @param prompt null where there is none
  /// @param words that stand in it
  /// @return NaN where the prompt does not hold the words token by token, or the model reads
  ///   otherwise
  static double of(LoadedModel model, @Nullable Prompt prompt, String words) {
    if (prompt == null || words.isEmpty() || Inputs.seesByReading(model.model())) {
      return Double.NaN;
    }
    int[] ids = prompt.ids();
    int[] own = model.tokenizer().wordIds(words).stream().mapToInt(Integer::intValue).toArray();
    // The first token differs where nothing stands before it; the others tell the place.
    int from = find(ids, own);
    if (from < 0) {
      return Double.NaN;
    }
    int layers = model.model().decoder().config().layers();
    try (Run run =
        model.run(
            prompt,
            Capture.of(
                Capture.request(Point.PATTERN)
                    .at(Positions.of(prompt.length() - 1))
                    .reduced(Capture.Reducer.MEAN_OVER_HEADS)))) {
      double sum = 0;
      for (int layer = 0; layer < layers; layer++) {
        double[] row = run.get(Point.PATTERN, layer).reshape(-1).toDoubles();
        for (int i = 0; i < own.length && from + i < row.length; i++) {
          sum += row[from + i];
        }
      }
      return sum / layers;
    }
  }

  private static int find(int[] ids, int[] own) {
    int[] tail = own.length > 1 ? Arrays.copyOfRange(own, 1, own.length) : own;
    for (int at = 0; at + tail.length <= ids.length; at++) {
      if (Arrays.equals(Arrays.copyOfRange(ids, at, at + tail.length), tail)) {
        return own.length > 1 ? Math.max(0, at - 1) : at;
      }
    }
    return -1;
  }
}
