package dev.lynceus.model.stack;

import dev.lynceus.nn.Norm;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// A norm whose weights may be others from some row on.
///
/// @param rest of the rows from `rows` on; null where all rows take the first
record RowNorms(Norm first, @Nullable Norm rest, long rows) {

  /// One norm for all rows.
  static RowNorms of(Norm norm) {
    return new RowNorms(norm, null, 0);
  }

  Tensor apply(Tensor x) {
    return each(x, Norm::apply);
  }

  Tensor scale(Tensor x) {
    return each(x, Norm::scale);
  }

  Tensor normalized(Tensor x) {
    return each(x, Norm::normalized);
  }

  Tensor weighted(Tensor x) {
    return each(x, Norm::weighted);
  }

  private Tensor each(Tensor x, BiFunction<Norm, Tensor, Tensor> part) {
    if (rest == null) {
      return part.apply(first, x);
    }
    Tensor above = x.narrow(1, 0, rows).contiguous();
    Tensor below = x.narrow(1, rows, x.size(1) - rows).contiguous();
    return Torch.cat(List.of(part.apply(first, above), part.apply(rest, below)), 1);
  }
}
