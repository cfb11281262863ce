package dev.lynceus.method.relevancy;

import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;
import java.util.List;

/// The rules by which relevancy passes through self-attention. Source: Chefer, Gur and Wolf, arXiv
/// 2103.15679, rules 5, 6, 8 and 9.
///
/// ```
/// C_l = mean over heads of max(0, A_l * d score / d A_l)
/// R   = (I + C_{L-1}) ... (I + C_1) (I + C_0)
/// ```
///
/// Rows of `R` are what is wanted, so rows are passed from the last layer to the first: `r <- r + r
/// C_l`, which gives the same rows of the same product for one matrix product less.
public final class Rules {
  private Rules() {}

  /// The weights of a layer, `[..., pos, source]`, none negative.
  ///
  /// @param pattern attention probabilities, `[..., heads, pos, source]`
  /// @param slope gradient of the score with respect to them
  public static Tensor weights(Tensor pattern, Tensor slope) {
    return pattern.mul(slope).clampMin(0).mean(-3);
  }

  /// Rows of relevancy one layer further down.
  ///
  /// @param rows `[..., rows, pos]`
  /// @param weights of the layer, `[..., pos, pos]`
  public static Tensor down(Tensor rows, Tensor weights) {
    return rows.add(rows.matmul(weights));
  }

  /// Rows passed from the last of some layers to the first.
  ///
  /// @param weights of all layers, the first layer first
  static Tensor down(Tensor rows, List<Tensor> weights) {
    Tensor passed = rows;
    for (Tensor layer : weights.reversed()) {
      passed = down(passed, layer);
    }
    return passed;
  }

  /// What was gained since the start, each row divided by its sum; a row that gained nothing stays
  /// zero. float64.
  ///
  /// @param start the rows before the last layer, for example one of an identity matrix
  public static Tensor normalized(Tensor rows, Tensor start) {
    Tensor gained = rows.to(DType.FLOAT64).sub(start.to(DType.FLOAT64));
    Tensor sums = gained.sum(-1).unsqueeze(-1);
    return gained.div(sums.maskedFill(sums.eq(0), 1));
  }
}
