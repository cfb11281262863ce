package dev.lynceus.method;

import dev.lynceus.method.Explanation.Word;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;

/// Lists of words from rows of scores.
public final class Words {
  private final Tokenizer tokenizer;

  public Words(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /// The words with the largest scores, one list per row, largest first.
  ///
  /// @param scores `[rows, vocabulary]`
  public List<List<Word>> top(Tensor scores, int count) {
    try (Scope scope = Scope.open()) {
      int kept = (int) Math.min(count, scores.size(1));
      Tensor.TopK top = scores.topk(kept);
      float[] values = top.values().toFloats();
      int[] ids = top.indices().toInts();
      List<List<Word>> rows = new ArrayList<>();
      for (int row = 0; row < scores.size(0); row++) {
        List<Word> words = new ArrayList<>();
        for (int i = row * kept; i < (row + 1) * kept; i++) {
          words.add(new Word(ids[i], text(ids[i]), values[i]));
        }
        rows.add(List.copyOf(words));
      }
      return rows;
    }
  }

  /// What a reader sees for a token; padding rows of a vocabulary have no text.
  public String text(int id) {
    return id < tokenizer.vocabularySize() && tokenizer.hasPiece(id)
        ? tokenizer.text(id)
        : "[" + id + "]";
  }
}
