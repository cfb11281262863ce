package dev.lynceus.model.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.nn.Activation;
import dev.lynceus.nn.Linear;
import dev.lynceus.nn.Masks;
import dev.lynceus.nn.Norm;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A layer is what its formula says, with norms before and after; and the way back through one,
/// with a gate and without, is that of automatic differentiation, for one slope and for several.
class BlockTest {
  private static final StackShape.Heads HEADS = StackShape.Heads.of(2, 2, 4);
  private static final Surroundings CAUSAL = new Surroundings(null, null, true, null);

  private final Random random = new Random(11);

  private Tensor drawn(long... shape) {
    int count = 1;
    for (long size : shape) {
      count *= (int) size;
    }
    return Tensor.of(random.doubles(count, -1, 1).toArray(), shape);
  }

  private Linear map(int out, int in) {
    return new Linear(drawn(out, in), drawn(out));
  }

  private Layer layer(boolean gated) {
    return new Layer(
        new Norm.Layer(drawn(8).add(1), drawn(8), 1e-5),
        new Projections(map(8, 8), map(8, 8), map(8, 8), map(8, 8), null),
        new Norm.Layer(drawn(8).add(1), drawn(8), 1e-5),
        new FeedForward(gated ? map(12, 8) : null, map(12, 8), map(8, 12), Activation.GELU));
  }

  /// Softmax of scaled products, head by head, and the output projection.
  private static Tensor attended(Projections w, Tensor read) {
    Tensor mask = Masks.causal((int) read.size(1), (int) read.size(1), DType.FLOAT64);
    Tensor q = Projections.split(w.query().apply(read), 2).transpose(1, 2);
    Tensor k = Projections.split(w.key().apply(read), 2).transpose(1, 2);
    Tensor v = Projections.split(w.value().apply(read), 2).transpose(1, 2);
    Tensor pattern =
        Torch.softmax(
            q.matmul(k.transpose(2, 3)).div(Tensor.of(new double[] {2}, 1)).add(mask), -1);
    return w.output().apply(pattern.matmul(v).transpose(1, 2).flatten(2, 3));
  }

  private static Tensor fed(FeedForward w, Tensor read) {
    Tensor inner = Torch.gelu(w.first().apply(read));
    return w.down().apply(w.gate() == null ? inner : inner.mul(w.up().apply(read)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aLayerIsItsFormula(boolean gated) {
    try (Scope scope = Scope.open()) {
      Layer w = layer(gated);
      Tensor x = drawn(1, 5, 8);

      Tensor read = w.attentionNorm().apply(x);
      Tensor middle = x.add(attended(w.attention(), read));
      Tensor before = middle.add(fed(w.feedForward(), w.feedForwardNorm().apply(middle)));
      equal(
          new Block(Stack.DECODER, HEADS, Block.Order.BEFORE).forward(0, w, x, CAUSAL, Tap.idle()),
          before);

      middle = w.attentionNorm().apply(x.add(attended(w.attention(), x)));
      Tensor after = w.feedForwardNorm().apply(middle.add(fed(w.feedForward(), middle)));
      equal(
          new Block(Stack.DECODER, HEADS, Block.Order.AFTER).forward(0, w, x, CAUSAL, Tap.idle()),
          after);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theWayBackIsTheAutomaticOne(boolean gated) {
    try (Scope scope = Scope.open()) {
      Layer w = layer(gated);
      Tensor x = drawn(1, 5, 8).requiresGrad();
      Tensor slopes = drawn(3, 5, 8);
      Tensor output =
          new Block(Stack.DECODER, HEADS, Block.Order.BEFORE).forward(0, w, x, CAUSAL, Tap.idle());
      Reverse reverse = new Reverse(HEADS, List.of(w));
      Reverse.Kept kept = reverse.keep(0, x.detach(), CAUSAL, 0, Reverse.Known.NOTHING);
      equal(reverse.output(kept), output.detach());
      Tensor together = reverse.back(kept, slopes, (slope, head, pattern, gradient) -> {});
      for (int i = 0; i < 3; i++) {
        Tensor slope = slopes.narrow(0, i, 1);
        Tensor automatic = Torch.gradients(output, slope, List.of(x)).getFirst().orElseThrow();
        equal(reverse.back(kept, slope), automatic);
        equal(together.narrow(0, i, 1), automatic);
      }
    }
  }

  /// Of a block each position sees all; a window hides what is far, in the block too.
  @Test
  void positionsOfABlockSeeEachOther() {
    boolean[][] valid = {{true, true, true, true, true}};
    int[][] blocks = {{0, 0, 0, -1, -1}};
    try (Scope scope = Scope.open()) {
      assertThat(seen(Masks.causal(valid, blocks, 5, 9, DType.FLOAT64)))
          .containsExactly("11100", "11100", "11100", "11110", "11111");
      assertThat(seen(Masks.causal(valid, blocks, 2, 9, DType.FLOAT64)))
          .containsExactly("11110", "11111");
      assertThat(seen(Masks.causal(valid, blocks, 5, 2, DType.FLOAT64)))
          .containsExactly("11100", "11100", "01100", "00110", "00011");
    }
  }

  private static String[] seen(Tensor mask) {
    int columns = (int) mask.size(3);
    double[] values = mask.reshape(-1).toDoubles();
    String[] rows = new String[values.length / columns];
    for (int row = 0; row < rows.length; row++) {
      StringBuilder text = new StringBuilder();
      for (int column = 0; column < columns; column++) {
        text.append(values[row * columns + column] == 0 ? '1' : '0');
      }
      rows[row] = text.toString();
    }
    return rows;
  }

  private static void equal(Tensor found, Tensor expected) {
    assertThat(found.shape()).isEqualTo(expected.shape());
    assertThat(found.sub(expected).abs().max().item()).isLessThan(1e-12);
  }
}
