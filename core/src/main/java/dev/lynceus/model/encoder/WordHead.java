package dev.lynceus.model.encoder;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.text.TextWeights;
import dev.lynceus.nn.Activation;
import dev.lynceus.nn.Linear;
import dev.lynceus.nn.Norm;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.Weights;
import java.util.List;

/// What BERT and its descendants read words off the stream with: a map, a function, a norm, and the
/// embedding turned round, with a bias.
///
/// @param transform the map and the function
/// @param words the unembedding
public record WordHead(TextWeights.Transform transform, Norm norm, Linear words) {

  /// What its tensors are called.
  ///
  /// @param map the map before the norm
  /// @param norm the last norm
  /// @param head the unembedding, where it is stored
  /// @param bias names under which its bias may be stored; the last is that of the stored
  ///   unembedding itself
  /// @param activation between the map and the norm
  public record Names(
      String map, String norm, String head, List<String> bias, Activation activation) {

    /// Those of BERT, below a name.
    public static Names bert(Activation activation) {
      String below = "cls.predictions.";
      return new Names(
          below + "transform.dense",
          below + "transform.LayerNorm",
          below + "decoder.weight",
          List.of(below + "bias", below + "decoder.bias"),
          activation);
    }
  }

  /// Takes the weights.
  ///
  /// @param width of the stream
  /// @param normEps added to the variance in the norm
  /// @param tied whether the unembedding is the embedding, where the checkpoint does not store both
  /// @param embedding `[vocabulary, its width]`
  /// @throws LynceusException BAD_CHECKPOINT if a tensor is absent or has another shape
  public static WordHead read(
      Weights w, Names names, int width, double normEps, boolean tied, Tensor embedding) {
    int narrow = (int) embedding.size(1);
    int vocabulary = (int) embedding.size(0);
    BertNames parts = new BertNames(w, narrow, normEps);
    TextWeights.Transform transform =
        new TextWeights.Transform(parts.linear(names.map, narrow, width), names.activation);
    Norm norm = parts.norm(names.norm);
    Tensor map = embedding;
    if (w.has(names.head)) {
      map = w.get(names.head, vocabulary, narrow).own();
    } else if (!tied) {
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT,
          "the checkpoint has no %s, and config.json does not tie it to the embedding"
              .formatted(names.head),
          "Set tie_word_embeddings to true if the model ties them; else this is not the whole model.");
    }
    // Two biases may be stored. Where they are tied they are one; else that of the unembedding
    // itself is read, as in the reference library.
    List<String> biases = tied ? names.bias : names.bias.reversed();
    String bias = biases.stream().filter(w::has).findFirst().orElse(biases.getFirst());
    names.bias.forEach(w::skip);
    return new WordHead(transform, norm, new Linear(map, w.get(bias, vocabulary).own()));
  }
}
