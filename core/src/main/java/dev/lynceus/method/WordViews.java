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
  private final Run run;
  private final Target target;
  private final Words words;

  public WordViews(Run run, Target target) {
    this.run = run;
    this.target = target;
    this.words = new Words(run.model().tokenizer());
  }

  /// A head and the increase and attention of each position in it.
  record HeadRow(int layer, int head, double increase, double[] positions, double[] attention) {}

  /// Explains some heads, each at its best positions. The parts of the stream are taken apart once
  /// for all of them.
  ///
  /// @param count positions per head
  /// @param listed words in each list
  List<HeadExplanation> explain(List<HeadRow> heads, int count, int listed) {
    int[] all =
        heads.stream()
            .flatMapToInt(head -> IntStream.of(best(head.positions(), count)))
            .distinct()
            .toArray();
    int deepest = heads.stream().mapToInt(HeadRow::layer).max().orElse(0);
    List<HeadExplanation> explained = new ArrayList<>();
    try (PositionParts parts = new PositionParts(run, all, deepest)) {
      for (HeadRow head : heads) {
        explained.add(explain(head, best(head.positions(), count), all, parts, listed));
      }
    }
    return explained;
  }

  private HeadExplanation explain(
      HeadRow head, int[] positions, int[] all, PositionParts parts, int listed) {
    try (Scope scope = Scope.open()) {
      int row = target.aims().getFirst().row();
      RowTrace trace = new RowTrace(run, row);
      Tensor index = Tensor.indices(IntStream.of(positions).map(p -> indexOf(all, p)).toArray());
      int layer = head.layer();
      Tensor vectors =
          Torch.cat(
              List.of(
                  parts.stream(layer).indexSelect(0, index),
                  parts.keyInput(layer).indexSelect(0, index),
                  parts.valueInput(layer).indexSelect(0, index),
                  moved(trace, layer, head.head(), positions)),
              0);
      FrozenLens lens = FrozenLens.of(trace.decoder(), trace.last());
      List<List<Word>> lists = words.top(lens.logits(vectors), listed);
      List<PositionExplanation> explained = new ArrayList<>();
      int n = positions.length;
      for (int i = 0; i < n; i++) {
        int p = positions[i];
        explained.add(
            new PositionExplanation(
                p,
                head.positions()[p],
                head.attention()[p],
                lists.get(i),
                layer == 0 ? List.of() : lists.get(n + i),
                layer == 0 ? List.of() : lists.get(2 * n + i),
                lists.get(3 * n + i)));
      }
      return new HeadExplanation(
          layer, head.head(), head.increase(), head.positions(), head.attention(), explained);
    }
  }

  /// What a head moves from some positions into a predicting row ("value output"), `[positions,
  /// width]`; zero for later positions.
  ///
  /// @param run with what [LogIncrease#capture] asks for
  public static Tensor moved(Run run, int row, int layer, int head, int[] positions) {
    return moved(new RowTrace(run, row), layer, head, positions);
  }

  static Tensor moved(RowTrace trace, int layer, int head, int[] positions) {
    int[] reachable = IntStream.of(positions).map(p -> Math.min(p, trace.row())).toArray();
    Tensor index = Tensor.indices(reachable);
    Tensor weights = trace.pattern(layer).select(0, head).indexSelect(0, index);
    Tensor moved =
        trace
            .values(layer, head)
            .indexSelect(0, index)
            .mul(weights.unsqueeze(1))
            .matmul(trace.outputs(layer, head));
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

  private static int[] best(double[] increases, int count) {
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
