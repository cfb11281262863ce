package dev.lynceus.method.relevancy;

import dev.lynceus.method.gradient.Backward;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;

/// The weights of the layer that is gone through, one square for each objective, gathered from its
/// heads as they come; see [Rules]. Its tensors belong to the scope that was open when it was made.
final class LayerWeights {
  private final int heads;
  private final List<Tensor> sums;

  /// @param length of the sequence
  /// @param objectives how many
  LayerWeights(int heads, int length, DType dtype, int objectives) {
    this.heads = heads;
    this.sums = new ArrayList<>();
    for (int k = 0; k < objectives; k++) {
      sums.add(Torch.zeros(dtype, length, length));
    }
  }

  /// Adds some heads.
  void add(Backward.Attended at) {
    try (Scope scope = Scope.open()) {
      Tensor sum = sums.get(at.objective());
      sum.narrow(0, at.row(), at.pattern().size(1))
          .add_(at.pattern().mul(at.slope()).clampMin(0).sum(0));
    }
  }

  /// The weights of a layer whose heads were all added, `[pos, source]`, in the scope that is open;
  /// what comes next is the layer before it.
  Tensor take(int objective) {
    Tensor sum = sums.get(objective);
    Tensor weights = sum.div((double) heads);
    sum.fill_(0);
    return weights;
  }
}
