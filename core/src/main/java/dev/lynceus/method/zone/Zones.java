package dev.lynceus.method.zone;

import dev.lynceus.run.Run;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Zones of a text that is read beside a question (arXiv 2108.11574): the tokens of the question,
/// and those of the passage. What the tokenizer puts around and between them belongs to none.
public final class Zones {
  private Zones() {}

  /// Some positions with a name.
  // Positions for arithmetic; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  public record Zone(String name, int[] positions) {}

  /// Looks from one zone at another: a square of the attention.
  ///
  /// @param rows who looks
  /// @param columns what is looked at
  public record Pair(Zone rows, Zone columns) {

    /// The name: who looks at whom, for example `QP`.
    public String name() {
      return rows.name + columns.name;
    }
  }

  /// The question.
  public static Zone question(TokenMap tokens) {
    return new Zone("Q", tokens.positions(TokenMap.Role.QUESTION));
  }

  /// The passage.
  public static Zone passage(TokenMap tokens) {
    return new Zone("P", tokens.positions(TokenMap.Role.PASSAGE));
  }

  /// All four: QQ, QP, PQ, PP.
  public static List<Pair> pairs(TokenMap tokens) {
    List<Zone> both = List.of(question(tokens), passage(tokens));
    List<Pair> pairs = new ArrayList<>();
    for (Zone rows : both) {
      for (Zone columns : both) {
        pairs.add(new Pair(rows, columns));
      }
    }
    return pairs;
  }

  /// How much of the attention of each head of a layer goes through a square: the sum over its
  /// columns, and the mean of that over its rows; `[heads]`.
  ///
  /// @param run kept the patterns of the layer, all of them
  public static double[] mass(Run run, int layer, Pair pair) {
    try (Scope scope = Scope.open()) {
      Tensor pattern = run.get(Point.PATTERN, layer).select(0, 0).to(DType.FLOAT64);
      if (pair.rows.positions.length == 0 || pair.columns.positions.length == 0) {
        return new double[(int) pattern.size(0)];
      }
      return pattern
          .indexSelect(1, Tensor.indices(pair.rows.positions))
          .indexSelect(2, Tensor.indices(pair.columns.positions))
          .sum(2)
          .mean(1)
          .toDoubles();
    }
  }
}
