package dev.lynceus.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Catches a way to multiply that gives other numbers than the product in float64 rounded to the
/// type of the arithmetic, or a row that depends on its neighbours.
class LinearTest {
  private static final int IN = 900;

  /// So many that the weight is widened in tiles of which the last is shorter.
  private static final int OUT = 2500;

  @ParameterizedTest
  @CsvSource({
    "FLOAT32, 1",
    "FLOAT32, 3",
    "FLOAT32, 4",
    "FLOAT32, 5",
    "FLOAT32, 40",
    "FLOAT16, 1",
    "FLOAT16, 4",
    "FLOAT16, 40",
    "BFLOAT16, 1",
    "BFLOAT16, 3",
    "BFLOAT16, 40"
  })
  void float32ProductsAreExactWhateverTheWeightsTypeAndTheNumberOfRows(DType stored, int rows) {
    try (Scope scope = Scope.open()) {
      Linear map = map(stored);
      Tensor x = Torch.randn(3, 1, rows, IN);
      Tensor product = map.apply(x);
      assertThat(product.shape()).containsExactly(1, rows, OUT);
      assertThat(distance(product, exact(map, x))).isLessThan(2e-6);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT32", "FLOAT16", "BFLOAT16"})
  void ofAFewRowsEachIsWhatItIsAlone(DType stored) {
    try (Scope scope = Scope.open()) {
      Linear map = map(stored);
      Tensor x = Torch.randn(5, 4, IN);
      Tensor together = map.apply(x);
      for (int row = 0; row < 4; row++) {
        assertThat(together.select(0, row).toFloats())
            .isEqualTo(map.apply(x.narrow(0, row, 1)).toFloats());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"BFLOAT16, 1", "BFLOAT16, 4", "BFLOAT16, 40", "FLOAT16, 1", "FLOAT16, 40"})
  void productsIn16BitsAreRoundedOnce(DType dtype, int rows) {
    try (Scope scope = Scope.open()) {
      Linear map = map(dtype).unbiased();
      Tensor x = Torch.randn(7, rows, IN).to(dtype);
      Tensor product = map.apply(x);
      assertThat(product.dtype()).isEqualTo(dtype);
      Tensor rounded = exact(map, x).to(DType.FLOAT32).to(dtype);
      double others =
          rounded
              .to(DType.FLOAT32)
              .sub(product.to(DType.FLOAT32))
              .abs()
              .gt(0)
              .to(DType.FLOAT32)
              .mean()
              .item();
      // Sums that lie between two neighbours may fall to either side.
      assertThat(others).isLessThan(.01);
    }
  }

  /// The negative control: with sums kept in 16 bits about half of the numbers would be others.
  @Test
  void roundingTwiceWouldBeSeen() {
    try (Scope scope = Scope.open()) {
      Linear map = map(DType.BFLOAT16).unbiased();
      Tensor x = Torch.randn(7, 40, IN).to(DType.BFLOAT16);
      int half = IN / 2;
      Tensor twice =
          map.columns(0, half)
              .apply(x.narrow(1, 0, half).contiguous())
              .add(map.columns(half, half).apply(x.narrow(1, half, half).contiguous()));
      Tensor rounded = exact(map, x).to(DType.FLOAT32).to(DType.BFLOAT16);
      double others =
          rounded
              .to(DType.FLOAT32)
              .sub(twice.to(DType.FLOAT32))
              .abs()
              .gt(0)
              .to(DType.FLOAT32)
              .mean()
              .item();
      assertThat(others).isGreaterThan(.1);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT32", "FLOAT16", "BFLOAT16"})
  void theOtherWayRoundIsExactToo(DType stored) {
    try (Scope scope = Scope.open()) {
      Linear map = map(stored);
      Tensor y = Torch.randn(9, 3, OUT);
      Tensor exact = y.to(DType.FLOAT64).matmul(map.weight().to(DType.FLOAT64));
      assertThat(distance(map.back(y), exact)).isLessThan(2e-6);
      assertThat(map.back(y.to(DType.BFLOAT16)).dtype()).isEqualTo(DType.BFLOAT16);
    }
  }

  private static Linear map(DType stored) {
    Tensor weight = Torch.randn(1, OUT, IN).mul(.02).to(stored);
    return new Linear(weight, Torch.randn(2, OUT).to(stored));
  }

  private static Tensor exact(Linear map, Tensor x) {
    Tensor bias = map.bias();
    Tensor product = x.to(DType.FLOAT64).matmul(map.weight().to(DType.FLOAT64).t());
    return bias == null ? product : product.add(bias.to(DType.FLOAT64));
  }

  /// Relative to the largest number.
  private static double distance(Tensor got, Tensor exact) {
    return got.to(DType.FLOAT64).sub(exact).abs().max().item() / exact.abs().max().item();
  }
}
