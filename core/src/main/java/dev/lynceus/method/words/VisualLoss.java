package dev.lynceus.method.words;

import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.Arrays;
import java.util.OptionalDouble;

/// The visual part of unified auto-regression (arXiv 2403.07720): how far what the decoder predicts
/// at a position, `p = softmax(z)`, is from the visual word of the patch that comes next, `w =
/// softmax(VM h)`. The divergence adds up over the vocabulary and is averaged over patches; the
/// position before the picture predicts its first patch.
public enum VisualLoss {
  /// `KL(p || w)`: visual words come to be what the decoder predicts; a head is fitted so.
  PREDICTED_TO_WORDS,
  /// `KL(w || p)`: the decoder comes to predict visual words.
  WORDS_TO_PREDICTED;

  /// The loss of a prompt; empty where it has no picture.
  ///
  /// @param predicted logits of the decoder at all positions, `[positions, vocabulary]`
  /// @param words logits of the head for each patch, `[patches, vocabulary]`
  /// @param patches positions of the patches; one at position 0 is predicted by nothing and left
  ///   out
  /// @return nats
  public OptionalDouble of(Tensor predicted, Tensor words, int[] patches) {
    int[] kept =
        java.util.stream.IntStream.range(0, patches.length).filter(i -> patches[i] > 0).toArray();
    if (kept.length == 0) {
      return OptionalDouble.empty();
    }
    try (Scope scope = Scope.open()) {
      int[] before = Arrays.stream(kept).map(i -> patches[i] - 1).toArray();
      return OptionalDouble.of(
          mean(
              predicted.indexSelect(0, Tensor.indices(before)),
              words.indexSelect(0, Tensor.indices(kept))));
    }
  }

  /// The mean of the divergence of rows that belong together, nats.
  ///
  /// @param predicted logits, `[patches, vocabulary]`
  /// @param words logits, the same
  public double mean(Tensor predicted, Tensor words) {
    try (Scope scope = Scope.open()) {
      return each(predicted, words).mean().item();
    }
  }

  /// The divergence of each pair of rows, `[patches]`, nats; in the scope that is open.
  public Tensor each(Tensor predicted, Tensor words) {
    Tensor p = Torch.logSoftmax(predicted.to(DType.FLOAT64), 1);
    Tensor w = Torch.logSoftmax(words.to(DType.FLOAT64), 1);
    return switch (this) {
      case PREDICTED_TO_WORDS -> divergence(p, w);
      case WORDS_TO_PREDICTED -> divergence(w, p);
    };
  }

  /// The slope of [#mean] by the logits that are learnt: those of the head, or those of the
  /// decoder, `[patches, vocabulary]`; the other side is held.
  public Tensor slope(Tensor predicted, Tensor words) {
    Tensor p = Torch.softmax(predicted, 1);
    Tensor w = Torch.softmax(words, 1);
    Tensor difference =
        switch (this) {
          case PREDICTED_TO_WORDS -> w.sub(p);
          case WORDS_TO_PREDICTED -> p.sub(w);
        };
    return difference.div((double) predicted.size(0));
  }

  private static Tensor divergence(Tensor from, Tensor to) {
    // Words of probability 0 add nothing, whatever stands beside them.
    return from.exp().mul(from.clampMin(-1e30).sub(to.clampMin(-1e30))).sum(1);
  }
}
