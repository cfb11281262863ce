package dev.lynceus.lab.measure;

import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;

/// Ranks of words among the scores of a whole vocabulary.
///
/// @param scores `[rows * vocabulary]`
record WordRanks(float[] scores, int vocabulary) {

  /// @param scores `[rows, vocabulary]`
  static WordRanks of(Tensor scores) {
    return new WordRanks(scores.to(DType.FLOAT32).toFloats(), (int) scores.size(1));
  }

  int rows() {
    return scores.length / vocabulary;
  }

  /// Rank of a word in a row: 1 for the largest score; words with the same score come before it.
  int rank(int row, int word) {
    float own = scores[row * vocabulary + word];
    int rank = 0;
    for (int id = 0; id < vocabulary; id++) {
      rank += scores[row * vocabulary + id] >= own ? 1 : 0;
    }
    return rank;
  }

  /// Place of a word among some: 1 if its score is the largest of them. Words with the same score
  /// come before it.
  int place(int row, int word, int[] among) {
    float own = scores[row * vocabulary + word];
    int place = 1;
    for (int id : among) {
      place += id != word && scores[row * vocabulary + id] >= own ? 1 : 0;
    }
    return place;
  }

  /// Mean of 1 / rank over rows `from` to `until - 1`; NaN if there are none.
  double reciprocal(int from, int until, int word) {
    double sum = 0;
    for (int row = from; row < until; row++) {
      sum += 1.0 / rank(row, word);
    }
    return until > from ? sum / (until - from) : Double.NaN;
  }
}
