package dev.lynceus.method.words;

import dev.lynceus.tensor.Scope;

/// Where a decoder did not expect what it saw: `KL(w_i || p)` between the words of each patch and
/// what the decoder predicts at the position before it.
public final class Surprise {
  private Surprise() {}

  /// The map, one number for each visual token, nats.
  ///
  /// @param words the words of patches
  /// @throws dev.lynceus.error.LynceusException UNSUPPORTED_MODEL where nothing predicts patches
  public static double[] map(PatchStates states, WordView.Distribution words) {
    try (Scope scope = Scope.open()) {
      return VisualLoss.WORDS_TO_PREDICTED
          .each(new WordView.Next().log(states), words.log(states))
          .toDoubles();
    }
  }
}
