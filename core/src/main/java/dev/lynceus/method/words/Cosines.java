package dev.lynceus.method.words;

import dev.lynceus.nn.Linear;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;

/// Cosines between rows and a table of vectors.
final class Cosines {
  /// Rows of a table whose lengths are taken at once: a large table of 16-bit numbers is widened
  /// piece by piece.
  private static final long BLOCK = 4096;

  private static final double LEAST = 1e-12;

  private Cosines() {}

  /// `[rows, width]` and `[vectors, width]` give `[rows, vectors]`; a vector of zeros is at a right
  /// angle to all.
  static Tensor of(Tensor rows, Tensor table) {
    return new Linear(table, null).apply(unit(rows)).div(lengths(table).unsqueeze(0));
  }

  /// Rows of length one.
  static Tensor unit(Tensor rows) {
    return rows.div(lengths(rows).unsqueeze(1));
  }

  private static Tensor lengths(Tensor table) {
    List<Tensor> lengths = new ArrayList<>();
    for (long from = 0; from < table.size(0); from += BLOCK) {
      try (Scope scope = Scope.open()) {
        Tensor some =
            table.narrow(0, from, Math.min(BLOCK, table.size(0) - from)).to(DType.FLOAT32);
        lengths.add(scope.keep(some.square().sum(1).sqrt().clampMin(LEAST)));
      }
    }
    return Torch.cat(lengths, 0);
  }
}
