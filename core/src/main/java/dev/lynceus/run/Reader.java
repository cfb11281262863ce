package dev.lynceus.run;

import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Captured;
import dev.lynceus.tensor.Tensor;
import java.util.function.Function;

/// What a sweep reads of each replay, as plain numbers. The same function serves every replay and
/// must not keep tensors.
public sealed interface Reader {

  /// Reads the logits.
  ///
  /// @param read told the logits at the last real position of each row, `[batch, vocabulary]`
  record Logits(Function<Tensor, double[]> read) implements Reader {}

  /// Reads activations; the replays stop after the last layer that is asked for.
  ///
  /// @param capture what each replay keeps; the earlier the positions, the more has to be computed
  record Activations(Capture capture, Function<Captured, double[]> read) implements Reader {}

  /// What each replay keeps.
  default Capture kept() {
    return switch (this) {
      case Logits logits -> Capture.NONE;
      case Activations activations -> activations.capture;
    };
  }
}
