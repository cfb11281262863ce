package dev.lynceus.nn;

import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import org.jspecify.annotations.Nullable;

/// Normalisation over the last dimension. Statistics are taken in float32 at least, as the
/// reference library does.
public sealed interface Norm {

  /// What the normalised vectors are multiplied with, `[width]`.
  Tensor weight();

  /// What is added at the end, `[width]`; null where nothing is.
  @Nullable Tensor bias();

  /// The vectors less their mean, where the norm centres; else as they are. What a part of a vector
  /// brings to what leaves the norm is this of the part, divided by the [#scale] of the whole,
  /// times the weight.
  Tensor centred(Tensor x);

  /// The normalised vectors, weight and bias included.
  ///
  /// @param x `[..., width]`
  Tensor apply(Tensor x);

  /// The vectors centred (where the norm centres) and divided, before weight and bias. It may
  /// differ from [#apply] in the last bits: that is one fused operation.
  ///
  /// @param x `[..., width]`
  Tensor normalized(Tensor x);

  /// Weight and bias put on what [#normalized] gave.
  Tensor weighted(Tensor normalized);

  /// What each vector is divided by, epsilon included: `[..., 1]`.
  Tensor scale(Tensor x);

  /// The gradient at the input for one at the output.
  ///
  /// @param x `[batch or 1, ..., width]`
  /// @param slope `[batch, ..., width]`
  Tensor back(Tensor x, Tensor slope);

  /// Root-mean-square norm: `weight * x / sqrt(mean(x²) + eps)`.
  ///
  /// @param weight `[width]`, with any offset of the family already added
  record Rms(Tensor weight, double eps) implements Norm {
    @Override
    public @Nullable Tensor bias() {
      return null;
    }

    @Override
    public Tensor centred(Tensor x) {
      return x;
    }

    @Override
    public Tensor apply(Tensor x) {
      DType dtype = x.dtype();
      if (dtype.isHalf()) {
        return weighted(normalized(x));
      }
      return Torch.rmsNorm(x, weight.to(dtype), eps);
    }

    @Override
    public Tensor normalized(Tensor x) {
      Tensor wide = wide(x);
      return Torch.rmsNorm(wide, ones().to(wide.dtype()), eps).to(x.dtype());
    }

    @Override
    public Tensor weighted(Tensor normalized) {
      return weight.to(normalized.dtype()).mul(normalized);
    }

    @Override
    public Tensor scale(Tensor x) {
      return wide(x).square().meanKeep(-1).add(eps).sqrt();
    }

    /// With `s` the scale and `g` the slope times the weight: `(g - x mean(g x) / s^2) / s`.
    @Override
    public Tensor back(Tensor x, Tensor slope) {
      try (Scope scope = Scope.open()) {
        Tensor s = scale(x);
        Tensor g = slope.mul(weight.to(slope.dtype()));
        Tensor along = g.mul(x).meanKeep(-1).div(s.square());
        return scope.keep(g.addcmul_(x, along, -1).div(s));
      }
    }

    private Tensor ones() {
      return Torch.full(DType.FLOAT32, 1, weight.size(0));
    }
  }

  /// Layer norm: `weight * (x - mean) / sqrt(variance + eps) + bias`.
  record Layer(Tensor weight, Tensor bias, double eps) implements Norm {
    @Override
    public Tensor centred(Tensor x) {
      return x.sub(x.meanKeep(-1));
    }

    @Override
    public Tensor apply(Tensor x) {
      return Torch.layerNorm(x, weight.to(x.dtype()), bias.to(x.dtype()), eps);
    }

    @Override
    public Tensor normalized(Tensor x) {
      Tensor wide = wide(x);
      return wide.sub(wide.meanKeep(-1)).div(scale(x)).to(x.dtype());
    }

    @Override
    public Tensor weighted(Tensor normalized) {
      return normalized.mul(weight.to(normalized.dtype())).add(bias.to(normalized.dtype()));
    }

    @Override
    public Tensor scale(Tensor x) {
      Tensor wide = wide(x);
      return wide.sub(wide.meanKeep(-1)).square().meanKeep(-1).add(eps).sqrt();
    }

    /// With `n` the normalised vector, `s` the scale and `g` the slope times the weight: `(g -
    /// mean(g) - n mean(g n)) / s`.
    @Override
    public Tensor back(Tensor x, Tensor slope) {
      try (Scope scope = Scope.open()) {
        Tensor n = normalized(x);
        Tensor g = slope.mul(weight.to(slope.dtype()));
        Tensor along = g.mul(n).meanKeep(-1);
        return scope.keep(g.sub(g.meanKeep(-1)).addcmul_(n, along, -1).div(scale(x)));
      }
    }
  }

  /// No norm: what enters leaves as it is.
  ///
  /// @param weight ones, `[width]`
  record Same(Tensor weight) implements Norm {

    /// Of vectors of that width.
    public static Same of(int width) {
      return new Same(Torch.full(DType.FLOAT32, 1, width).own());
    }

    @Override
    public @Nullable Tensor bias() {
      return null;
    }

    @Override
    public Tensor centred(Tensor x) {
      return x;
    }

    @Override
    public Tensor apply(Tensor x) {
      return x;
    }

    @Override
    public Tensor normalized(Tensor x) {
      return x;
    }

    @Override
    public Tensor weighted(Tensor normalized) {
      return normalized;
    }

    @Override
    public Tensor scale(Tensor x) {
      long[] shape = x.shape();
      shape[shape.length - 1] = 1;
      return Torch.full(wide(x).dtype(), 1, shape);
    }

    @Override
    public Tensor back(Tensor x, Tensor slope) {
      return slope;
    }
  }

  private static Tensor wide(Tensor x) {
    return x.dtype().isHalf() ? x.to(DType.FLOAT32) : x;
  }
}
