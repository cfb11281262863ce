package dev.lynceus.lab.train;

import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.stream.IntStream;

/// Losses of scores.
final class Contrast {
  private Contrast() {}

  /// Mean cross-entropy, nats.
  ///
  /// @param scores `[cases, classes]`
  static Tensor entropy(Tensor scores, int[] wanted) {
    return Torch.logSoftmax(scores, 1)
        .gather(1, Tensor.indices(wanted).reshape(wanted.length, 1))
        .mean()
        .neg();
  }

  /// The same where each row's own column is wanted, both ways.
  ///
  /// @param scores `[cases, cases]`
  static Tensor both(Tensor scores) {
    int[] own = IntStream.range(0, (int) scores.size(0)).toArray();
    return entropy(scores, own).add(entropy(scores.transpose(0, 1), own)).mul(.5);
  }

  /// Share of rows whose largest column is the wanted one.
  static double right(Tensor scores, int[] wanted) {
    try (Scope scope = Scope.open()) {
      int[] best = scores.detach().argmax(1).toInts();
      return IntStream.range(0, best.length).filter(i -> best[i] == wanted[i]).count()
          / (double) best.length;
    }
  }
}
