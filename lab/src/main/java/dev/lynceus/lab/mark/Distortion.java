package dev.lynceus.lab.mark;

import dev.lynceus.image.RgbImage;
import dev.lynceus.run.Contrast;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.tap.Capture;
import java.util.Optional;

/// What an operator changes that it should leave alone.
final class Distortion {
  private Distortion() {}

  /// Part of the pixels that differ, 0 to 1; NaN for pictures of two sizes.
  static double pixels(RgbImage before, RgbImage after) {
    if (before.width() != after.width() || before.height() != after.height()) {
      return Double.NaN;
    }
    byte[] one = before.toBytes();
    byte[] other = after.toBytes();
    int differ = 0;
    for (int at = 0; at < one.length; at += 3) {
      boolean same =
          one[at] == other[at] && one[at + 1] == other[at + 1] && one[at + 2] == other[at + 2];
      differ += same ? 0 : 1;
    }
    return differ / (one.length / 3.0);
  }

  /// How far the answer to a question moves: the divergence of the distributions before each token
  /// of the answer that is given without a mark, summed, nats.
  static double divergence(
      LoadedModel model, Prompt before, Prompt after, Optional<Contrast> contrast, int maxTokens) {
    int[] ids;
    try (Generation generation =
        model.generate(before, GenerationOptions.greedy(maxTokens), Capture.NONE)) {
      ids = generation.answer().ids();
    }
    return ids.length == 0
        ? Double.NaN
        : Forced.of(model, before, Optional.empty(), ids)
            .divergence(Forced.of(model, after, contrast, ids));
  }
}
