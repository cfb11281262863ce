package dev.lynceus.method.reader;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.run.Piece;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/// How well an answer begins, and ends, at every position of what was read.
///
/// @param starts logits, one for each position
/// @param ends logits
// Numbers for arithmetic; nothing compares these records.
@SuppressWarnings("ArrayRecordComponent")
public record SpanScores(double[] starts, double[] ends) {

  /// A piece with its score.
  ///
  /// @param score logit of its beginning plus logit of its end
  public record Scored(Piece piece, double score) {}

  /// Of the logits of one sequence, `[1, pos, 2]`.
  public static SpanScores of(Tensor logits) {
    try (Scope scope = Scope.open()) {
      Tensor both = logits.select(0, 0);
      return new SpanScores(both.select(1, 0).toDoubles(), both.select(1, 1).toDoubles());
    }
  }

  /// The score of a piece.
  public double score(Piece piece) {
    return starts[piece.start()] + ends[piece.end()];
  }

  /// `log p(start) + log p(end)`, each a softmax over all positions.
  public double logProbability(Piece piece) {
    return score(piece) - normalizer(starts) - normalizer(ends);
  }

  /// What logits are more than their log probabilities by.
  static double normalizer(double[] logits) {
    double largest = Arrays.stream(logits).max().orElseThrow();
    return largest + Math.log(Arrays.stream(logits).map(one -> Math.exp(one - largest)).sum());
  }

  /// The best pieces of the passage, best first: those that end no earlier than they begin, and
  /// have no more tokens than allowed.
  ///
  /// @param most how many
  /// @param longest most tokens of a piece
  /// @throws LynceusException BAD_REQUEST for numbers below one
  public List<Scored> best(TokenMap tokens, int most, int longest) {
    if (most < 1 || longest < 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "%d answers of at most %d tokens".formatted(most, longest),
          "Use one or more of each.");
    }
    int[] passage = tokens.positions(TokenMap.Role.PASSAGE);
    PriorityQueue<Scored> found = new PriorityQueue<>(Comparator.comparingDouble(Scored::score));
    for (int i = 0; i < passage.length; i++) {
      int last = (int) Math.min(passage.length, (long) i + longest);
      for (int j = i; j < last; j++) {
        double score = starts[passage[i]] + ends[passage[j]];
        if (found.size() == most && score > found.element().score()) {
          found.remove();
        }
        if (found.size() < most) {
          found.add(new Scored(new Piece(passage[i], passage[j]), score));
        }
      }
    }
    List<Scored> sorted = new ArrayList<>(found);
    sorted.sort(
        Comparator.comparingDouble((Scored one) -> -one.score())
            .thenComparingInt(one -> one.piece().start())
            .thenComparingInt(one -> one.piece().end()));
    return sorted;
  }

  private static int largest(double[] logits) {
    return IntStream.range(0, logits.length)
        .reduce((a, b) -> logits[b] > logits[a] ? b : a)
        .orElseThrow();
  }

  /// The position where an answer begins most probably.
  public int start() {
    return largest(starts);
  }

  /// The position where an answer ends most probably.
  public int end() {
    return largest(ends);
  }
}
