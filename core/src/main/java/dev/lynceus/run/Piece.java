package dev.lynceus.run;

import dev.lynceus.tensor.Tensor;

/// A piece of what is read, as an answer. Models that answer with a piece score every position
/// twice, as its beginning and as its end, and choose the two apart: `p(start, end) = p(start)
/// p(end)`, each a softmax over all positions. So a piece is a word of a vocabulary of all pairs of
/// positions, whose logit is the sum of two: its softmax is that product. Whatever measures, sums
/// up or differentiates the log probability of a word does so with a piece.
///
/// A pair whose end comes before its start is none that anybody answers with, though it has its
/// probability.
///
/// @param start position of its first token
/// @param end position of its last token
public record Piece(int start, int end) {
  /// The score of padding: its probability is zero.
  private static final double NEVER = -1e4;

  /// Its number among all pieces of a sequence.
  ///
  /// @param length of the sequence
  public int id(int length) {
    return start * length + end;
  }

  /// The piece of a number.
  ///
  /// @param length of the sequence
  public static Piece of(int id, int length) {
    return new Piece(id / length, id % length);
  }

  /// Logits of all pieces, `[copies * batch, pos * pos]`.
  ///
  /// @param scores of beginnings and ends, `[copies * batch, pos, 2]`
  static Tensor joint(Tensor scores, Batch batch) {
    long rows = scores.size(0);
    long length = scores.size(1);
    Tensor open = scores;
    if (!batch.isPlain()) {
      boolean[] padding = new boolean[(int) (rows * length)];
      for (int i = 0; i < padding.length; i++) {
        padding[i] = !batch.valid()[(int) (i / length) % batch.size()][(int) (i % length)];
      }
      open = scores.maskedFill(Tensor.of(padding, rows, length, 1), NEVER);
    }
    Tensor starts = open.select(2, 0).unsqueeze(2);
    Tensor ends = open.select(2, 1).unsqueeze(1);
    return starts.add(ends).reshape(rows, length * length);
  }
}
