package dev.lynceus.nn;

import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Processor;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import dev.lynceus.tensor.file.Weights;
import org.jspecify.annotations.Nullable;

/// A linear map `x W^T + b`. The weight stays in the type it was stored in; the arithmetic is done
/// in the type of `x`. This is the one place that chooses how:
///
/// - weight and `x` of one type: the library's product; for a few float32 rows its product of a
///   matrix and a vector for each of them, which reads the weight several times faster than its
///   general one;
/// - 16-bit weight, float32 `x`: the weight is widened tile by tile, a block of output rows at a
///   time, into a buffer that stays in the processor's cache. Every product is exact to float32,
///   memory holds the 16-bit weight only, and on processors without fast 16-bit arithmetic it is
///   also much faster than multiplying in 16 bits;
/// - float16 `x`: the same, and the result is rounded to float16 once. The library's own product
///   takes other kernels on other processors, and on those without float16 arithmetic it is slower;
/// - bfloat16 `x`: the library's own product where the processor has instructions for it, which add
///   up in float32 and round once; elsewhere as for float16, which does the same, and where the
///   library's own is eight times slower.
///
/// A small 16-bit weight is widened once and kept: it costs little memory, and its tiles would cost
/// more calls than its products.
public final class Linear {

  /// Bytes of the buffer that one tile is widened into; measured, see `bench`.
  private static final long TILE_BYTES = 8L << 20;

  /// Rows up to which a product of matrix and vector for each is faster than one of two matrices;
  /// measured, from 3 to 7 by the weight's shape.
  private static final long FEW_ROWS = 4;

  /// Numbers of a weight that counts as small: 1 MiB in float32.
  private static final long SMALL = 1L << 18;

  private final Tensor weight;
  private final @Nullable Tensor bias;
  private volatile @Nullable Linear widened;

  /// @param weight `[out, in]`
  /// @param bias `[out]`, or null
  public Linear(Tensor weight, @Nullable Tensor bias) {
    this.weight = weight;
    this.bias = bias;
  }

  /// Takes the weights of a map with a bias.
  ///
  /// @param w the view that holds it
  /// @param name below that
  /// @throws dev.lynceus.error.LynceusException BAD_CHECKPOINT if a tensor is absent or has another
  ///   shape
  public static Linear read(Weights w, String name, int out, int in) {
    return new Linear(w.get(name + ".weight", out, in).own(), w.get(name + ".bias", out).own());
  }

  /// The weight as it is stored, `[out, in]`.
  public Tensor weight() {
    return weight;
  }

  /// The bias as it is stored, `[out]`, or null.
  public @Nullable Tensor bias() {
    return bias;
  }

  /// This map without its bias.
  public Linear unbiased() {
    return bias == null ? this : new Linear(weight, null);
  }

  /// The product for every row of `x`.
  ///
  /// @param x `[..., in]`
  /// @return `[..., out]`, in the type of `x`
  public Tensor apply(Tensor x) {
    DType dtype = x.dtype();
    if (x.recordsGradient()) {
      return Torch.linear(x, weight.to(dtype), bias == null ? null : bias.to(dtype));
    }
    if (isRounded(dtype)) {
      try (Scope scope = Scope.open()) {
        return scope.keep(apply(x.to(DType.FLOAT32)).to(dtype));
      }
    }
    if (dtype == DType.FLOAT32 && weight.dtype().isHalf() && weight.numel() <= SMALL) {
      return widened().apply(x);
    }
    boolean few = dtype == DType.FLOAT32 && x.numel() <= FEW_ROWS * in();
    if (weight.dtype() == dtype && !few) {
      return Torch.linear(x, weight, bias == null ? null : bias.to(dtype));
    }
    try (Scope scope = Scope.open()) {
      long[] shape = x.shape();
      shape[shape.length - 1] = out();
      Tensor rows = x.reshape(-1, in()).contiguous();
      Tensor product = Torch.empty(dtype, rows.size(0), out());
      if (weight.dtype() == dtype) {
        multiply(rows, weight, product, few);
      } else {
        widened(rows, product, few);
      }
      return scope.keep(plusBias(product.reshape(shape)));
    }
  }

  /// Whether products of a type are done in float32 and rounded once.
  private static boolean isRounded(DType dtype) {
    return dtype == DType.FLOAT16 || dtype == DType.BFLOAT16 && !Processor.multipliesBfloat16();
  }

  /// The product with the weight from the other side, `y W`, without the bias: what each input
  /// would move along a direction of the output.
  ///
  /// @param y `[rows, out]`
  /// @return `[rows, in]`, in the type of `y`
  public Tensor back(Tensor y) {
    if (isRounded(y.dtype())) {
      try (Scope scope = Scope.open()) {
        return scope.keep(back(y.to(DType.FLOAT32)).to(y.dtype()));
      }
    }
    if (weight.dtype() == y.dtype()) {
      return y.matmul(weight);
    }
    try (Scope scope = Scope.open()) {
      long tile = tile(y.dtype());
      Tensor result = Torch.zeros(y.dtype(), y.size(0), in());
      for (long start = 0; start < out(); start += tile) {
        try (Scope inner = Scope.open()) {
          long length = Math.min(tile, out() - start);
          Tensor part = weight.narrow(0, start, length).to(y.dtype());
          result.add_(y.narrow(1, start, length).matmul(part));
        }
      }
      return scope.keep(result);
    }
  }

  /// A product that was computed without the bias, with the bias added.
  public Tensor plusBias(Tensor product) {
    return bias == null ? product : product.add(bias.to(product.dtype()));
  }

  /// Width of the input.
  public long in() {
    return weight.size(1);
  }

  /// Width of the output.
  public long out() {
    return weight.size(0);
  }

  /// The map restricted to some inputs: columns `start` to `start + length` of the weight, without
  /// the bias. For an attention output projection these are the columns of one head.
  public Linear columns(long start, long length) {
    return new Linear(weight.narrow(1, start, length), null);
  }

  /// The weight in the given type; a copy only if it is stored in another one.
  public Tensor weight(DType dtype) {
    return weight.to(dtype);
  }

  /// This map with its numbers in float32, kept for the next time.
  private Linear widened() {
    Linear wide = widened;
    return wide == null ? widenedOnce() : wide;
  }

  /// Several threads may be the first.
  private synchronized Linear widenedOnce() {
    Linear wide = widened;
    if (wide == null) {
      wide =
          new Linear(
              weight.to(DType.FLOAT32).own(), bias == null ? null : bias.to(DType.FLOAT32).own());
      widened = wide;
    }
    return wide;
  }

  private long tile(DType dtype) {
    return Math.clamp(TILE_BYTES / (in() * dtype.bytes()), 1, out());
  }

  /// `x W^T` with the weight widened tile by tile.
  ///
  /// @param x `[rows, in]`
  /// @param product `[rows, out]`, is overwritten
  private void widened(Tensor x, Tensor product, boolean few) {
    long tile = tile(x.dtype());
    Tensor buffer = Torch.empty(x.dtype(), tile, in());
    for (long start = 0; start < out(); start += tile) {
      try (Scope inner = Scope.open()) {
        long length = Math.min(tile, out() - start);
        Tensor part = buffer.narrow(0, 0, length).copy_(weight.narrow(0, start, length));
        multiply(x, part, product.narrow(1, start, length), few);
      }
    }
  }

  /// `x W^T` for some rows of the weight.
  private static void multiply(Tensor x, Tensor weight, Tensor product, boolean few) {
    if (few) {
      for (long row = 0; row < x.size(0); row++) {
        Torch.mvOut(product.select(0, row), weight, x.select(0, row));
      }
    } else {
      Torch.mmOut(product, x, weight.t());
    }
  }
}
