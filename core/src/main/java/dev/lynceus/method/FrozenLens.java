package dev.lynceus.method;

import dev.lynceus.model.llama.Llama;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.Arrays;

/// The lens with frozen variance: `lens(v) = U (g * v / sqrt(var + eps))`, where `var` is the mean
/// square of the last layer's output at one row. The same scale is used for every vector, so the
/// lens is linear and the logits of parts add up; at the last layer it gives the model's own
/// logits. (arXiv 2411.10950; part 1.2 of its code.)
///
/// The epsilon is 1e-6 as in the authors' code, also where the model's own is 1e-5; [#withEps]
/// takes another.
public final class FrozenLens {
  /// Epsilon of the authors' code.
  public static final double EPS = 1e-6;

  /// Most numbers of one block of logits, to bound memory: 64 MiB in float32.
  private static final long BLOCK = 16L << 20;

  private final Llama decoder;
  private final Tensor weight;

  private FrozenLens(Llama decoder, Tensor weight) {
    this.decoder = decoder;
    this.weight = weight;
  }

  /// The lens of a row.
  ///
  /// @param last output of the last layer at that row, before the last norm, `[width]`
  public static FrozenLens of(Llama decoder, Tensor last) {
    return withEps(decoder, last, EPS);
  }

  /// The lens of a row with another epsilon.
  public static FrozenLens withEps(Llama decoder, Tensor last, double eps) {
    double scale = 1 / Math.sqrt(variance(last) + eps);
    return new FrozenLens(decoder, decoder.weights().norm().weight().to(last.dtype()).mul(scale));
  }

  /// Mean square of a vector.
  public static double variance(Tensor last) {
    try (Scope scope = Scope.open()) {
      return last.to(DType.FLOAT64).square().mean().item();
    }
  }

  /// Logits of some vectors: `[rows, width]` to `[rows, vocabulary]`.
  public Tensor logits(Tensor vectors) {
    return decoder.weights().head().apply(vectors.mul(weight));
  }

  /// What an aim gets from each of some vectors: its log probability, or the difference of two for
  /// a contrast. Logits are made block by block.
  ///
  /// @param vectors `[rows, width]`
  /// @return one number per row
  public double[] values(Tensor vectors, Target.Aim aim) {
    int rows = (int) vectors.size(0);
    int block = (int) Math.clamp(BLOCK / decoder.config().vocabulary(), 1, rows);
    double[] values = new double[rows];
    for (int start = 0; start < rows; start += block) {
      try (Scope scope = Scope.open()) {
        int length = Math.min(block, rows - start);
        double[] some = read(logits(vectors.narrow(0, start, length)), aim);
        System.arraycopy(some, 0, values, start, length);
      }
    }
    return values;
  }

  /// What an aim gets from logits, `[rows, vocabulary]`.
  static double[] read(Tensor logits, Target.Aim aim) {
    if (aim.against().isPresent()) {
      return logits.select(1, aim.id()).sub(logits.select(1, aim.against().getAsInt())).toDoubles();
    }
    // One fused pass; a log-sum-exp would go through memory several times.
    return Torch.logSoftmax(logits, 1).select(1, aim.id()).toDoubles();
  }

  /// The gradient of an aim's value with respect to some vectors: what direction in the residual
  /// stream raises it most. `[rows, width]` to `[rows, width]`.
  public Tensor directions(Tensor vectors, Target.Aim aim) {
    int vocabulary = decoder.config().vocabulary();
    int rows = (int) vectors.size(0);
    try (Scope scope = Scope.open()) {
      if (aim.against().isPresent()) {
        float[] difference = new float[vocabulary];
        difference[aim.id()] += 1;
        difference[aim.against().getAsInt()] -= 1;
        Tensor pair = Tensor.of(difference, 1, vocabulary).to(vectors.dtype());
        return scope.keep(
            decoder.weights().head().back(pair).mul(weight).expand(rows, vectors.size(1)));
      }
      int block = (int) Math.clamp(BLOCK / vocabulary, 1, rows);
      Tensor[] parts = new Tensor[(rows + block - 1) / block];
      for (int i = 0; i < parts.length; i++) {
        try (Scope inner = Scope.open()) {
          int start = i * block;
          Tensor logits = logits(vectors.narrow(0, start, Math.min(block, rows - start)));
          Tensor slope = Torch.softmax(logits, 1).neg();
          slope.select(1, aim.id()).add_(Torch.full(slope.dtype(), 1, slope.size(0)));
          parts[i] = inner.keep(decoder.weights().head().back(slope).mul(weight));
        }
      }
      return scope.keep(parts.length == 1 ? parts[0] : Torch.cat(Arrays.asList(parts), 0));
    }
  }
}
