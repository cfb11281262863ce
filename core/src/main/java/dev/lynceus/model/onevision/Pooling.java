package dev.lynceus.model.onevision;

import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;

/// Bilinear interpolation of a grid to a smaller one: each place takes from the two nearest rows
/// and columns around its centre, and nothing from those between. Source: `interpolate` of PyTorch
/// 2.13, mode bilinear, `align_corners` and `antialias` false.
final class Pooling {
  private Pooling() {}

  /// Interpolates, computed in float32 at least.
  ///
  /// @param grid `[rows, columns, width]`
  /// @param rows of the result, at least one
  /// @param columns of the result, at least one
  /// @return `[rows, columns, width]`
  static Tensor of(Tensor grid, int rows, int columns) {
    DType dtype = grid.dtype().isHalf() ? DType.FLOAT32 : grid.dtype();
    int fromRows = (int) grid.size(0);
    int fromColumns = (int) grid.size(1);
    long width = grid.size(2);
    Tensor down =
        shares(fromRows, rows)
            .to(dtype)
            .matmul(grid.to(dtype).reshape(fromRows, fromColumns * width))
            .reshape(rows, fromColumns, width);
    Tensor across = shares(fromColumns, columns).to(dtype).matmul(down);
    return across.to(grid.dtype());
  }

  /// What each place takes of each place before: `[to, from]`. Each row adds up to one.
  private static Tensor shares(int from, int to) {
    float[] shares = new float[to * from];
    float scale = (float) from / to;
    for (int i = 0; i < to; i++) {
      float centre = Math.max(scale * (i + 0.5f) - 0.5f, 0);
      int first = (int) centre;
      int second = Math.min(first + 1, from - 1);
      float share = centre - first;
      shares[i * from + first] += 1 - share;
      shares[i * from + second] += share;
    }
    return Tensor.of(shares, to, from);
  }
}
