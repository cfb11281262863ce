package dev.lynceus.model.encoder;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import dev.lynceus.tensor.file.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The embedding of words that are read whole: a row for each, and a learned row for each position.
/// Texts that are read side by side are filled up at their ends, and what fills them up is hidden.
///
/// @param embedding `[vocabulary, width]`
/// @param positions `[positions, width]`
public record WordRows(Tensor embedding, Tensor positions) {

  /// Takes the weights; `position_ids`, which older files store, is left.
  ///
  /// @param w the view that holds `word_embeddings`
  /// @throws LynceusException BAD_CHECKPOINT if a tensor is absent or has another shape
  public static WordRows read(Weights w, int vocabulary, int positions, int width) {
    w.skip("position_ids");
    return new WordRows(
        w.get("word_embeddings.weight", vocabulary, width).own(),
        w.get("position_embeddings.weight", positions, width).own());
  }

  /// Tokens of the longest text.
  public static int longest(List<TokenMap> words) {
    return words.stream().mapToInt(TokenMap::length).max().orElse(0);
  }

  /// The rows of the words, `[texts, longest, width]`.
  ///
  /// @param words of each text
  public Tensor words(List<TokenMap> words, DType dtype) {
    List<Tensor> all = new ArrayList<>();
    int longest = longest(words);
    for (TokenMap of : words) {
      int[] ids = Arrays.copyOf(of.ids(), longest);
      all.add(Torch.embedding(embedding, Tensor.indices(ids)));
    }
    return Torch.stack(all, 0).to(dtype);
  }

  /// The rows of the first positions, `[1, length, width]`.
  ///
  /// @param reader what reads the words, for people
  /// @throws LynceusException BAD_REQUEST if fewer were learned
  public Tensor positions(int length, String reader, DType dtype) {
    if (length > positions.size(0)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the text has %d tokens for the %s, which was made for %d"
              .formatted(length, reader, positions.size(0)),
          "Shorten it.");
    }
    return positions.narrow(0, 0, length).to(dtype).unsqueeze(0);
  }

  /// Hides what fills up shorter texts, additive, `[texts, 1, rows, rows]`; null where nothing
  /// does.
  ///
  /// @param before rows before the words, which all see
  public static @Nullable Tensor mask(List<TokenMap> words, int before, DType dtype) {
    int longest = longest(words);
    if (words.stream().allMatch(of -> of.length() == longest)) {
      return null;
    }
    int all = before + longest;
    float[] hidden = new float[words.size() * all];
    for (int text = 0; text < words.size(); text++) {
      for (int p = before + words.get(text).length(); p < all; p++) {
        hidden[text * all + p] = Float.NEGATIVE_INFINITY;
      }
    }
    return Tensor.of(hidden, words.size(), 1, 1, all).to(dtype).expand(words.size(), 1, all, all);
  }
}
