package dev.lynceus.method.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.method.features.SparseAutoencoder.Activation;
import dev.lynceus.run.Progress;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Acceptance check 4 of sparse autoencoders: atoms of a known dictionary are found again.
class SaeFitTest {
  private static final int ATOMS = 40;
  private static final int WIDTH = 24;

  /// Sums of three atoms each, with weights from 1 to 2.
  private static Tensor sums(Tensor atoms, int rows, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] weights = new float[rows * ATOMS];
    for (int row = 0; row < rows; row++) {
      for (int k = 0; k < 3; k++) {
        weights[row * ATOMS + random.nextInt(ATOMS)] = (float) (1 + random.nextDouble());
      }
    }
    return Tensor.of(weights, rows, ATOMS).matmul(atoms);
  }

  private static Tensor atoms() {
    Tensor drawn = Torch.randn(1, ATOMS, WIDTH);
    return drawn.div(drawn.square().sum(1).sqrt().unsqueeze(1));
  }

  /// The share of atoms that some feature writes, by a cosine above 0.9.
  private static double found(SparseAutoencoder sae, Tensor atoms) {
    float[] best = atoms.matmul(sae.decoder().t()).amax(1).toFloats();
    int hits = 0;
    for (float cosine : best) {
      hits += cosine > .9f ? 1 : 0;
    }
    return hits / (double) ATOMS;
  }

  @Test
  void atomsAreFoundAgain() {
    try (Scope scope = Scope.open()) {
      Tensor atoms = atoms();
      Tensor states = sums(atoms, 8000, 2);
      for (Activation activation :
          new Activation[] {new Activation.TopK(3), new Activation.Relu()}) {
        SaeFit fit = new SaeFit(2 * ATOMS, activation, .15, 3000, 256, 3e-3, 3);
        try (SparseAutoencoder sae = fit.fit(states, Progress.NONE)) {
          assertThat(found(sae, atoms)).as("%s", activation).isGreaterThanOrEqualTo(.9);
          Tensor others = sums(atoms, 500, 4);
          double rest = sae.decode(sae.encode(others)).sub(others).square().sum().item();
          double all = others.sub(others.mean(0)).square().sum().item();
          assertThat(rest / all).as("unexplained, %s", activation).isLessThan(.2);
        }
      }
      SaeFit none = new SaeFit(2 * ATOMS, new Activation.TopK(3), 0, 1, 8, 1e-6, 3);
      try (SparseAutoencoder sae = none.fit(states, Progress.NONE)) {
        assertThat(found(sae, atoms)).as("before fitting").isLessThan(.2);
      }
    }
  }

  /// The written-out gradients against differences.
  @Test
  void gradientsAreThoseOfTheLoss() {
    try (Scope scope = Scope.open()) {
      Tensor x = sums(atoms(), 16, 5);
      for (Activation activation :
          new Activation[] {new Activation.TopK(3), new Activation.Relu()}) {
        SaeFit fit = new SaeFit(12, activation, .1, 1, 4, 1e-9, 6);
        try (SparseAutoencoder sae = fit.fit(x, Progress.NONE)) {
          SaeFit.Slopes slopes = fit.slopes(sae, x);
          check(fit, sae, x, sae.encoder(), slopes.encoder());
          check(fit, sae, x, sae.encoderBias(), slopes.encoderBias());
          check(fit, sae, x, sae.decoder(), slopes.decoder());
          check(fit, sae, x, sae.decoderBias(), slopes.decoderBias());
        }
      }
    }
  }

  private static void check(
      SaeFit fit, SparseAutoencoder sae, Tensor x, Tensor values, Tensor slope) {
    Tensor way = Torch.randn(7, values.shape());
    double h = 1e-3;
    Tensor before = values.copy();
    values.add_(way, h);
    double up = fit.slopes(sae, x).loss();
    values.copy_(before).add_(way, -h);
    double down = fit.slopes(sae, x).loss();
    values.copy_(before);
    double expected = slope.to(DType.FLOAT64).mul(way.to(DType.FLOAT64)).sum().item();
    assertThat((up - down) / (2 * h)).isCloseTo(expected, within(.02 * Math.abs(expected) + .02));
  }
}
