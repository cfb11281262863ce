package dev.lynceus.method;

import dev.lynceus.method.Explanation.HeadExplanation;
import dev.lynceus.method.Explanation.PositionExplanation;
import dev.lynceus.method.Explanation.Word;
import dev.lynceus.run.Run;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// What a head reads and moves, in words (arXiv 2411.10950): for each of its best positions the
/// words of four vectors, read with the frozen-variance lens. The layer's input there; the sum of
/// earlier attention outputs ("key input"); the sum of earlier feed-forward outputs ("value
/// input"); and what the head moves from there into the predicting row ("value output"). The names
/// are the authors' labels for these sums, not projections by W_K or W_V.
public final class WordViews {
  private WordViews() {}

  /// A head and the increase and attention of each position in it.
  ///
  /// @param best the positions that are told, the one with the largest increase first
  /// @param moved words of what the head moves from each of them
  // Plain numbers on their way; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  record HeadRow(
      int layer,
      int head,
      double increase,
      double[] positions,
      double[] attention,
      int[] best,
      List<List<Word>> moved) {}

  /// What is read of a head besides what it moves: for each of its best positions the layer's
  /// input, then the key inputs, then the value inputs, `[3 * positions, width]`.
  ///
  /// @param all the positions of the parts
  static Tensor vectors(HeadRow head, int[] all, PositionParts parts) {
    Tensor index = Tensor.indices(IntStream.of(head.best).map(p -> indexOf(all, p)).toArray());
    return Torch.cat(
        List.of(
            parts.stream(head.layer).indexSelect(0, index),
            parts.keyInput(head.layer).indexSelect(0, index),
            parts.valueInput(head.layer).indexSelect(0, index)),
        0);
  }

  /// A head with its words.
  ///
  /// @param lists words of its [#vectors]
  static HeadExplanation explained(HeadRow head, List<List<Word>> lists) {
    List<PositionExplanation> explained = new ArrayList<>();
    int n = head.best.length;
    for (int i = 0; i < n; i++) {
      int p = head.best[i];
      explained.add(
          new PositionExplanation(
              p,
              head.positions[p],
              head.attention[p],
              lists.get(i),
              head.layer == 0 ? List.of() : lists.get(n + i),
              head.layer == 0 ? List.of() : lists.get(2 * n + i),
              head.moved.get(i)));
    }
    return new HeadExplanation(
        head.layer, head.head, head.increase, head.positions, head.attention, explained);
  }

  /// What a head moves from some positions into a predicting row ("value output"), `[positions,
  /// width]`; zero for later positions.
  ///
  /// @param run with what [LogIncrease#capture] asks for
  public static Tensor moved(Run run, int row, int layer, int head, int[] positions) {
    return moved(new RowTrace(run, row), layer, head, positions);
  }

  static Tensor moved(RowTrace trace, int layer, int head, int[] positions) {
    return moved(trace, layer, head, positions, trace.outputs(layer, head));
  }

  /// The same in whatever the output directions of the head are given in, `[headWidth, ...]`.
  static Tensor moved(RowTrace trace, int layer, int head, int[] positions, Tensor directions) {
    int[] reachable = IntStream.of(positions).map(p -> Math.min(p, trace.row())).toArray();
    Tensor index = Tensor.indices(reachable);
    Tensor weights = trace.pattern(layer).select(0, head).indexSelect(0, index);
    Tensor moved =
        trace
            .values(layer, head)
            .indexSelect(0, index)
            .mul(weights.unsqueeze(1))
            .matmul(directions);
    double[] keep = IntStream.of(positions).mapToDouble(p -> p <= trace.row() ? 1 : 0).toArray();
    return moved.mul(Tensor.of(keep, keep.length, 1).to(moved.dtype()));
  }

  /// Attention from the target's rows to each position through one head, `[T]`; for several tokens
  /// the mean.
  static double[] attention(Run run, Target target, int layer, int head) {
    double[] sum = new double[run.batch().length()];
    for (Target.Aim aim : target.aims()) {
      try (Scope scope = Scope.open()) {
        double[] one =
            new RowTrace(run, aim.row())
                .pattern(layer)
                .select(0, head)
                .to(DType.FLOAT64)
                .toDoubles();
        for (int p = 0; p < one.length; p++) {
          sum[p] += one[p] / target.aims().size();
        }
      }
    }
    return sum;
  }

  /// The positions with the largest increase, largest first.
  static int[] best(double[] increases, int count) {
    return IntStream.range(0, increases.length)
        .boxed()
        .sorted(Comparator.comparingDouble(p -> -increases[p]))
        .limit(count)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static int indexOf(int[] values, int value) {
    return IntStream.range(0, values.length)
        .filter(i -> values[i] == value)
        .findFirst()
        .orElseThrow();
  }
}
