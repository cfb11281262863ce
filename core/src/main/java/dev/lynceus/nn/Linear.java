package dev.lynceus.nn;

import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import org.jspecify.annotations.Nullable;

/// A linear map `x W^T + b`. The weight stays in the type it was stored in; the arithmetic is done in the type of
/// `x`.
///
/// When the two differ (16-bit weights, float32 activations) the weight is widened tile by tile: a block of output
/// rows at a time into a small buffer that stays in the processor's cache, so memory holds the 16-bit weights only.
///
/// @param weight `[out, in]`
/// @param bias `[out]`, or null
public record Linear(Tensor weight, @Nullable Tensor bias) {

  /// Bytes of the buffer that one tile is widened into.
  private static final long TILE_BYTES = 2L << 20;

  /// The product for every row of `x`.
  ///
  /// @param x `[..., in]`
  /// @return `[..., out]`, in the type of `x`
  public Tensor apply(Tensor x) {
    DType dtype = x.dtype();
    if (weight.dtype() == dtype) {
      return Torch.linear(x, weight, bias == null ? null : bias.to(dtype));
    }
    try (Scope scope = Scope.open()) {
      long[] shape = x.shape();
      long in = shape[shape.length - 1];
      Tensor rows = x.reshape(-1, in);
      Tensor product = rows.isContiguous() ? widened(rows) : widened(rows.contiguous());
      shape[shape.length - 1] = out();
      Tensor result = product.reshape(shape);
      return scope.keep(plusBias(result));
    }
  }

  /// The product with the weight from the other side, `y W`, without the bias: what each input would move along a
  /// direction of the output.
  ///
  /// @param y `[rows, out]`
  /// @return `[rows, in]`, in the type of `y`
  public Tensor back(Tensor y) {
    if (weight.dtype() == y.dtype()) {
      return y.matmul(weight);
    }
    try (Scope scope = Scope.open()) {
      long tile = tile(y.dtype());
      Tensor result = Torch.zeros(y.dtype(), y.size(0), in());
      for (long start = 0; start < out(); start += tile) {
        try (Scope inner = Scope.open()) {
          long length = Math.min(tile, out() - start);
          result.add_(y.narrow(1, start, length).matmul(weight.narrow(0, start, length).to(y.dtype())));
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

  /// The map restricted to some inputs: columns `start` to `start + length` of the weight, without the bias. For
  /// an attention output projection these are the columns of one head.
  public Linear columns(long start, long length) {
    return new Linear(weight.narrow(1, start, length), null);
  }

  /// The weight in the given type; a copy only if it is stored in another one.
  public Tensor weight(DType dtype) {
    return weight.to(dtype);
  }

  private long tile(DType dtype) {
    return Math.clamp(TILE_BYTES / (in() * dtype.bytes()), 1, out());
  }

  /// `rows W^T` with the weight widened tile by tile.
  private Tensor widened(Tensor rows) {
    long tile = tile(rows.dtype());
    Tensor buffer = Torch.empty(rows.dtype(), tile, in());
    Tensor result = Torch.empty(rows.dtype(), rows.size(0), out());
    for (long start = 0; start < out(); start += tile) {
      try (Scope inner = Scope.open()) {
        long length = Math.min(tile, out() - start);
        Tensor part = buffer.narrow(0, 0, length).copy_(weight.narrow(0, start, length));
        Torch.mmOut(result.narrow(1, start, length), rows, part.t());
      }
    }
    return result;
  }
}
