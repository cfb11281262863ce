package dev.lynceus.model.encoder;

import dev.lynceus.model.stack.Layer;
import dev.lynceus.nn.Norm;
import dev.lynceus.tensor.file.Weights;
import java.util.ArrayList;
import java.util.List;

/// Weights of a text encoder.
///
/// @param words rows of words and of positions
/// @param norm before the first layer
public record TextEncoderWeights(WordRows words, Norm.Layer norm, List<Layer> layers) {

  /// Takes the weights of an encoder each of whose layers has cross-attention.
  ///
  /// @param w the view that holds `embeddings` and `encoder`
  /// @throws dev.lynceus.error.LynceusException BAD_CHECKPOINT if a tensor is absent or has another
  ///   shape
  public static TextEncoderWeights read(TextEncoderConfig c, Weights w) {
    int width = c.shape().width();
    List<Layer> layers = new ArrayList<>();
    for (int l = 0; l < c.shape().layers(); l++) {
      layers.add(layer(c, new BertNames(w.at("encoder.layer." + l), width, c.normEps())));
    }
    Weights embeddings = w.at("embeddings");
    return new TextEncoderWeights(
        WordRows.read(embeddings, c.vocabulary(), c.positions(), width),
        new BertNames(embeddings, width, c.normEps()).norm("LayerNorm"),
        List.copyOf(layers));
  }

  private static Layer layer(TextEncoderConfig c, BertNames names) {
    return new Layer(
        names.norm("attention.output.LayerNorm"),
        names.attention("attention", "self", c.shape().width()),
        new Layer.Cross(
            names.norm("crossattention.output.LayerNorm"),
            names.attention("crossattention", "self", c.memory())),
        names.norm("output.LayerNorm"),
        names.network("intermediate", "output", c.shape().inner(), c.activation()),
        null,
        null);
  }
}
