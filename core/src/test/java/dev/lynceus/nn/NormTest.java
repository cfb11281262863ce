package dev.lynceus.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The ways back through norms equal those of automatic differentiation.
class NormTest {
  @Test
  void waysBackEqualAutomaticOnes() {
    Random random = new Random(3);
    try (Scope scope = Scope.open()) {
      Tensor weight = drawn(random, 8).add(1);
      Tensor bias = drawn(random, 8);
      List<Norm> norms =
          Stream.of(1e-6, 0.5)
              .<Norm>flatMap(
                  eps -> Stream.of(new Norm.Rms(weight, eps), new Norm.Layer(weight, bias, eps)))
              .toList();
      for (Norm norm : norms) {
        Tensor x = drawn(random, 2, 3, 8).requiresGrad();
        Tensor slope = drawn(random, 2, 3, 8);
        Tensor expected =
            Torch.gradients(norm.apply(x), slope, List.of(x)).getFirst().orElseThrow();
        Tensor found = norm.back(x.detach(), slope);
        assertThat(found.sub(expected).abs().max().item()).as("%s", norm).isLessThan(1e-12);
        assertThat(
                norm.weighted(norm.normalized(x.detach()))
                    .sub(norm.apply(x.detach()))
                    .abs()
                    .max()
                    .item())
            .as("%s", norm)
            .isLessThan(1e-12);
      }
    }
  }

  private static Tensor drawn(Random random, long... shape) {
    int count = 1;
    for (long size : shape) {
      count *= (int) size;
    }
    return Tensor.of(random.doubles(count, -2, 2).toArray(), shape).to(DType.FLOAT64);
  }
}
