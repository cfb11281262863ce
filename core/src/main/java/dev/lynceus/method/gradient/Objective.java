package dev.lynceus.method.gradient;

import dev.lynceus.method.Target;
import dev.lynceus.method.Target.Aim;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.Arrays;
import java.util.List;

/// The number that is differentiated: the sum of a target's scores over its tokens.
///
/// @param score what of each token is summed; for a contrast, that of the token minus that of the
///   other
public record Objective(Target target, Score score) {

  /// What a token is judged by.
  public enum Score {
    /// Its logit.
    LOGIT,
    /// Its log probability, natural logarithm.
    LOG_PROBABILITY
  }

  /// The log probability of a target.
  public static Objective logProbability(Target target) {
    return new Objective(target, Score.LOG_PROBABILITY);
  }

  /// The logits of a target, one objective for each of its tokens.
  public static List<Objective> logits(Target target) {
    return target.aims().stream()
        .map(aim -> new Objective(new Target(target.text(), List.of(aim)), Score.LOGIT))
        .toList();
  }

  /// The rows that its tokens are predicted at, ascending.
  public int[] rows() {
    return target.aims().stream().mapToInt(Aim::row).sorted().distinct().toArray();
  }

  /// Its value for each copy of a run, `[copies]`, float64.
  ///
  /// @param logits of the rows of [#rows()], `[copies, rows, vocabulary]`
  Tensor values(Tensor logits) {
    int[] rows = rows();
    try (Scope scope = Scope.open()) {
      Tensor wide = logits.to(DType.FLOAT64);
      Tensor scores =
          switch (score) {
            case LOGIT -> wide;
            case LOG_PROBABILITY -> Torch.logSoftmax(wide, 2);
          };
      Tensor sum = Torch.zeros(DType.FLOAT64, logits.size(0));
      for (Aim aim : target.aims()) {
        Tensor row = scores.select(1, Arrays.binarySearch(rows, aim.row()));
        sum = sum.add(row.select(1, aim.id()));
        if (aim.against().isPresent()) {
          sum = sum.sub(row.select(1, aim.against().getAsInt()));
        }
      }
      return scope.keep(sum);
    }
  }
}
