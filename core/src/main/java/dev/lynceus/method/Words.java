package dev.lynceus.method;

import dev.lynceus.method.Explanation.Word;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Piece;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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

  /// What a reader sees for an answer's number: a token, or of a model that answers with a piece of
  /// what it reads ([Piece]) the words of the piece.
  ///
  /// @param tokens what was read
  public static String answered(LoadedModel model, TokenMap tokens, int id) {
    if (model.model().decoder().config().answers() != TextConfig.Answers.SPANS) {
      return new Words(model.tokenizer()).text(id);
    }
    Piece piece = Piece.of(id, tokens.length());
    return piece.end() < piece.start()
        ? "[%d to %d]".formatted(piece.start(), piece.end())
        : IntStream.rangeClosed(piece.start(), piece.end())
            .mapToObj(p -> model.tokenizer().text(tokens.spots().get(p).id()))
            .collect(Collectors.joining())
            .strip();
  }

  /// What a reader sees for a token; padding rows of a vocabulary have no text.
  public String text(int id) {
    return tokenizer.shown(id);
  }
}
