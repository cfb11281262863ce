package dev.lynceus.method;

import dev.lynceus.model.text.TextStack;
import dev.lynceus.nn.Norm;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The lens with frozen variance: `lens(v) = U (g * v / sqrt(var + eps))`, where `var` is the mean
/// square of the last layer's output at one row. The same scale is used for every vector, so the
/// lens is linear and the logits of parts add up; at the last layer it gives the model's own
/// logits. (arXiv 2411.10950; part 1.2 of its code.)
///
/// Where the last norm is a layer norm, `v` is centred, `var` is the variance, and the norm's bias
/// `b` adds the same `U b` to the logits of every state. That constant belongs to states only: what
/// a part brings to a state is read without it.
///
/// The epsilon is 1e-6 as in the authors' code, also where the model's own is 1e-5; [#withEps]
/// takes another.
public final class FrozenLens {
  /// Epsilon of the authors' code.
  public static final double EPS = 1e-6;

  /// Most numbers of one block of logits, to bound memory: 128 MiB in float32.
  private static final long BLOCK = 32L << 20;

  private final TextStack decoder;
  private final double scale;
  private final Norm norm;
  private final Tensor weight;
  private final @Nullable Tensor bias;

  private FrozenLens(TextStack decoder, double scale, DType dtype) {
    this.decoder = decoder;
    this.scale = scale;
    this.norm = decoder.weights().norm();
    this.weight = norm.weight().to(dtype).mul(scale);
    @Nullable Tensor added = norm.bias();
    this.bias = added == null ? null : added.to(dtype);
  }

  /// The lens of a row.
  ///
  /// @throws dev.lynceus.error.LynceusException UNSUPPORTED_MODEL, see [Additive]
  /// @param last output of the last layer at that row, before the last norm, `[width]`
  public static FrozenLens of(TextStack decoder, Tensor last) {
    return withEps(decoder, last, EPS);
  }

  /// The lens of a row with another epsilon.
  public static FrozenLens withEps(TextStack decoder, Tensor last, double eps) {
    Additive.require(decoder);
    try (Scope scope = Scope.open()) {
      Tensor centred = decoder.weights().norm().centred(last.to(DType.FLOAT64));
      double scale = 1 / Math.sqrt(variance(centred) + eps);
      FrozenLens lens = new FrozenLens(decoder, scale, last.dtype());
      scope.keep(lens.weight);
      if (lens.bias != null) {
        scope.keep(lens.bias);
      }
      return lens;
    }
  }

  /// Mean square of a vector.
  public static double variance(Tensor last) {
    try (Scope scope = Scope.open()) {
      return last.to(DType.FLOAT64).square().mean().item();
    }
  }

  /// What the lens multiplies vectors with, beside the weight of the last norm: lenses of two rows
  /// of one model differ in this number alone.
  double scale() {
    return scale;
  }

  /// States as the unembedding takes them, so that those of several lenses can share one product.
  ///
  /// @param states `[..., width]`
  Tensor scaled(Tensor states) {
    return bias == null ? parts(states) : parts(states).add(bias);
  }

  /// Parts of states as the unembedding takes them.
  private Tensor parts(Tensor vectors) {
    return norm.centred(vectors).mul(weight);
  }

  /// From slopes with respect to what the unembedding takes to those with respect to states.
  Tensor back(Tensor slopes) {
    return norm.centred(slopes.mul(weight));
  }

  /// Rows of logits that are made at once, to bound memory.
  static int most(TextStack decoder) {
    return (int) Math.max(1, BLOCK / decoder.config().vocabulary());
  }

  /// Logits that parts of states bring: `[rows, width]` to `[rows, vocabulary]`.
  public Tensor logits(Tensor parts) {
    return decoder.weights().head().apply(parts(parts));
  }

  /// Logits of states: `[rows, width]` to `[rows, vocabulary]`.
  public Tensor states(Tensor states) {
    return decoder.weights().head().apply(scaled(states));
  }

  /// Logits of states and of parts in one product, one below the other.
  Tensor logits(Tensor states, Tensor parts) {
    return decoder.weights().head().apply(Torch.cat(List.of(scaled(states), parts(parts)), 0));
  }

  /// What an aim gets from each of some vectors: its log probability, or the difference of two for
  /// a contrast. Logits are made block by block.
  ///
  /// @param vectors `[rows, width]`
  /// @return one number per row
  public double[] values(Tensor vectors, Target.Aim aim) {
    int rows = (int) vectors.size(0);
    int block = Math.min(most(decoder), rows);
    double[] values = new double[rows];
    for (int start = 0; start < rows; start += block) {
      try (Scope scope = Scope.open()) {
        int length = Math.min(block, rows - start);
        double[] some = read(states(vectors.narrow(0, start, length)), aim);
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
    int rows = (int) vectors.size(0);
    try (Scope scope = Scope.open()) {
      if (aim.against().isPresent()) {
        return scope.keep(contrast(vectors.dtype(), aim, rows));
      }
      int block = Math.min(most(decoder), rows);
      Tensor[] parts = new Tensor[(rows + block - 1) / block];
      for (int i = 0; i < parts.length; i++) {
        try (Scope inner = Scope.open()) {
          int start = i * block;
          Tensor logits = states(vectors.narrow(0, start, Math.min(block, rows - start)));
          parts[i] = inner.keep(slopes(logits, aim));
        }
      }
      return scope.keep(parts.length == 1 ? parts[0] : Torch.cat(Arrays.asList(parts), 0));
    }
  }

  /// The same where the logits of the vectors are there, `[rows, vocabulary]`.
  Tensor slopes(Tensor logits, Target.Aim aim) {
    try (Scope scope = Scope.open()) {
      return scope.keep(
          aim.against().isPresent()
              ? contrast(logits.dtype(), aim, (int) logits.size(0))
              : back(decoder.weights().head().back(residuals(logits, aim.id()))));
    }
  }

  /// Gradient of a log probability with respect to logits, `[rows, vocabulary]`.
  static Tensor residuals(Tensor logits, int id) {
    Tensor slope = Torch.softmax(logits, 1).neg();
    slope.select(1, id).add_(Torch.full(slope.dtype(), 1, slope.size(0)));
    return slope;
  }

  /// The gradient of a difference of two logits, the same for every vector.
  private Tensor contrast(DType dtype, Target.Aim aim, int rows) {
    float[] difference = new float[decoder.config().vocabulary()];
    difference[aim.id()] += 1;
    difference[aim.against().orElseThrow()] -= 1;
    Tensor pair = Tensor.of(difference, 1, difference.length).to(dtype);
    Tensor one = back(decoder.weights().head().back(pair));
    return one.expand(rows, one.size(1));
  }
}
