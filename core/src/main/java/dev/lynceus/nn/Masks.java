package dev.lynceus.nn;

import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Additive attention masks: 0 where a row may look, -infinity where it may not.
public final class Masks {
  private Masks() {}

  /// Causal mask of the last `rows` of `columns` positions: `[1, 1, rows, columns]`.
  public static Tensor causal(int rows, int columns, DType dtype) {
    return causal(IntStream.range(columns - rows, columns).toArray(), columns, dtype);
  }

  /// Causal mask of some rows of a square: `[1, 1, rows, columns]`; row `r` sees columns `0..r`.
  public static Tensor causal(int[] rows, int columns, DType dtype) {
    return causal(rows, columns, Integer.MAX_VALUE, dtype);
  }

  /// The same with a sliding window: row `r` sees the last `window` columns up to `r`.
  public static Tensor causal(int[] rows, int columns, int window, DType dtype) {
    float[] values = new float[rows.length * columns];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < columns; j++) {
        if (j > rows[i] || rows[i] - j >= window) {
          values[i * columns + j] = Float.NEGATIVE_INFINITY;
        }
      }
    }
    return Tensor.of(values, 1, 1, rows.length, columns).to(dtype);
  }

  /// Causal mask with padding and a sliding window: `[batch, 1, rows, columns]` for the last `rows`
  /// positions. A row sees valid columns up to its own and closer than the window, and those of its
  /// own block wherever they are in it; a padding row sees itself, so that no row is empty.
  ///
  /// @param valid per batch row and column whether it is a real token
  /// @param blocks per batch row and column the number of its block, -1 for none; null = no blocks
  /// @param window how many columns back a row sees, its own included
  public static Tensor causal(
      boolean[][] valid, int @Nullable [][] blocks, int rows, int window, DType dtype) {
    int batch = valid.length;
    int columns = valid[0].length;
    float[] values = new float[batch * rows * columns];
    for (int b = 0; b < batch; b++) {
      for (int i = 0; i < rows; i++) {
        int row = columns - rows + i;
        for (int j = 0; j < columns; j++) {
          boolean near = j <= row || blocks != null && together(blocks[b], row, j);
          boolean allowed = j == row || valid[b][j] && near && row - j < window;
          if (!allowed) {
            values[(b * rows + i) * columns + j] = Float.NEGATIVE_INFINITY;
          }
        }
      }
    }
    return Tensor.of(values, batch, 1, rows, columns).to(dtype);
  }

  /// Mask of parts whose rows see each other and no others: `[1, 1, pos, pos]`.
  ///
  /// @param segments lengths of the parts, one after the other
  public static Tensor apart(int[] segments, DType dtype) {
    int length = IntStream.of(segments).sum();
    float[] values = new float[Math.multiplyExact(length, length)];
    java.util.Arrays.fill(values, Float.NEGATIVE_INFINITY);
    int start = 0;
    for (int segment : segments) {
      for (int row = start; row < start + segment; row++) {
        java.util.Arrays.fill(values, row * length + start, row * length + start + segment, 0);
      }
      start += segment;
    }
    return Tensor.of(values, 1, 1, length, length).to(dtype);
  }

  private static boolean together(int[] blocks, int row, int column) {
    return row < blocks.length
        && column < blocks.length
        && blocks[row] >= 0
        && blocks[row] == blocks[column];
  }
}
