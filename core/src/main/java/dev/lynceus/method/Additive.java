package dev.lynceus.method;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.text.TextStack;

/// What methods need that share a logit among parts of a model: a residual stream that is the sum
/// of what all layers added, and words read off it by one norm and one map.
public final class Additive {
  private Additive() {}

  /// Whether a decoder has it.
  public static boolean holds(TextStack decoder) {
    return decoder.isLinearReadout();
  }

  /// Requires it.
  ///
  /// @throws LynceusException UNSUPPORTED_MODEL where layers pass the sum through a norm, or where
  ///   words are read off a function of it (BERT, BLIP)
  public static void require(TextStack decoder) {
    if (!holds(decoder)) {
      throw new LynceusException(
          ErrorCode.UNSUPPORTED_MODEL,
          "this model has no shares of a logit: its layers pass the stream through a norm after each"
              + " addition, and words are read off a function of it",
          "`lynceus explain` takes parts of what was given away; `trace`, `knockout` and `ablate` change"
              + " its states and measure what becomes of the answer.");
    }
  }
}
