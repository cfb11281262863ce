package dev.lynceus.method.gradient;

import dev.lynceus.method.Target;
import dev.lynceus.method.Target.Aim;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.Arrays;
import java.util.List;

/// A number that is differentiated: a function of the log probabilities, or the logits, of some
/// rows of a run.
public sealed interface Objective {

  /// What a token is judged by.
  enum Score {
    /// Its logit.
    LOGIT,
    /// Its log probability, natural logarithm.
    LOG_PROBABILITY
  }

  /// The sum of a target's scores over its tokens.
  ///
  /// @param score what of each token is summed; for a contrast, that of the token minus that of the
  ///   other
  static Objective of(Target target, Score score) {
    return new Sum(target, score);
  }

  /// The log probability of a target.
  static Objective logProbability(Target target) {
    return of(target, Score.LOG_PROBABILITY);
  }

  /// The logits of a target, one objective for each of its tokens.
  static List<Objective> logits(Target target) {
    return target.aims().stream()
        .map(aim -> of(new Target(target.text(), List.of(aim)), Score.LOGIT))
        .toList();
  }

  /// The mean log probability of all words under given probabilities: less the entropy of these it
  /// is minus the Kullback-Leibler divergence from them to the row.
  ///
  /// @param row that is read
  /// @param probabilities one for each word
  static Objective mean(int row, double[] probabilities) {
    return new Mean(row, probabilities.clone());
  }

  /// The rows that are read, ascending.
  int[] rows();

  /// Its value for each copy of a run, `[copies]`, float64.
  ///
  /// @param logits of the rows of [#rows()], `[copies, rows, vocabulary]`
  Tensor values(Tensor logits);

  /// See [Objective#of].
  record Sum(Target target, Score score) implements Objective {

    @Override
    public int[] rows() {
      return target.aims().stream().mapToInt(Aim::row).sorted().distinct().toArray();
    }

    @Override
    public Tensor values(Tensor logits) {
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

  /// See [Objective#mean].
  // Plain numbers; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  record Mean(int row, double[] probabilities) implements Objective {

    @Override
    public int[] rows() {
      return new int[] {row};
    }

    @Override
    public Tensor values(Tensor logits) {
      try (Scope scope = Scope.open()) {
        Tensor logs = Torch.logSoftmax(logits.select(1, 0).to(DType.FLOAT64), 1);
        return scope.keep(
            logs.matmul(Tensor.of(probabilities, probabilities.length, 1)).squeeze(1));
      }
    }
  }
}
