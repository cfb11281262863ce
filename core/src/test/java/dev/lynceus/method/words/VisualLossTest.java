package dev.lynceus.method.words;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The loss of visual words by hand: never below nothing, nothing where both sides say the same,
/// and of the patch that comes next.
class VisualLossTest {
  @ParameterizedTest
  @EnumSource(VisualLoss.class)
  void itIsNothingWhereBothSaySameAndMoreElsewhere(VisualLoss loss) {
    try (Scope scope = Scope.open()) {
      Tensor one = Torch.randn(3, 6, 11);
      Tensor other = Torch.randn(4, 6, 11);
      // Adding a number to all logits of a row changes no probability.
      assertThat(loss.mean(one, one.add(5))).isCloseTo(0, within(1e-9));
      assertThat(loss.slope(one, one).abs().max().item()).isZero();
      assertThat(Arrays.stream(loss.each(one, other).toDoubles())).allMatch(value -> value > 0);
    }
  }

  @Test
  void thePositionBeforePredictsThePatch() {
    // Words a, b, c; patches stand at positions 1 and 2 of four.
    float[] sure = {
      0, 30, 0, // position 0 predicts b
      0, 0, 30, // position 1 predicts c
      30, 0, 0, //
      30, 0, 0
    };
    try (Scope scope = Scope.open()) {
      Tensor predicted = Tensor.of(sure, 4, 3);
      Tensor right = Tensor.of(new float[] {0, 30, 0, 0, 0, 30}, 2, 3);
      Tensor late = Tensor.of(new float[] {0, 0, 30, 30, 0, 0}, 2, 3);
      VisualLoss loss = VisualLoss.PREDICTED_TO_WORDS;
      assertThat(loss.of(predicted, right, new int[] {1, 2}).orElseThrow())
          .isCloseTo(0, within(1e-9));
      assertThat(loss.of(predicted, late, new int[] {1, 2}).orElseThrow()).isGreaterThan(20);
    }
  }

  @Test
  void aTextHasNone() {
    try (Scope scope = Scope.open()) {
      Tensor predicted = Torch.randn(1, 4, 3);
      Tensor none = Torch.zeros(DType.FLOAT32, 0, 3);
      assertThat(VisualLoss.WORDS_TO_PREDICTED.of(predicted, none, new int[0])).isEmpty();
      // Nothing predicts a patch that nothing stands before.
      assertThat(
              VisualLoss.WORDS_TO_PREDICTED.of(
                  predicted, Torch.zeros(DType.FLOAT32, 1, 3), new int[] {0}))
          .isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(VisualLoss.class)
  void itsSlopeIsThatOfItsMean(VisualLoss loss) {
    try (Scope scope = Scope.open()) {
      Tensor predicted = Torch.randn(5, 2, 4).to(DType.FLOAT64);
      Tensor words = Torch.randn(6, 2, 4).to(DType.FLOAT64);
      boolean learnsWords = loss == VisualLoss.PREDICTED_TO_WORDS;
      double[] slope = loss.slope(predicted, words).reshape(8).toDoubles();
      double step = 1e-6;
      for (int i = 0; i < 8; i++) {
        double[] change = new double[8];
        change[i] = step;
        Tensor moved = Tensor.of(change, 2, 4);
        List<Tensor> sides =
            learnsWords
                ? List.of(predicted, words.add(moved))
                : List.of(predicted.add(moved), words);
        double after = loss.mean(sides.getFirst(), sides.getLast());
        assertThat((after - loss.mean(predicted, words)) / step).isCloseTo(slope[i], within(1e-5));
      }
    }
  }
}
