package dev.lynceus.model.blip;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.encoder.BertNames;
import dev.lynceus.model.encoder.TextEncoderConfig;
import dev.lynceus.model.encoder.TextEncoderWeights;
import dev.lynceus.model.encoder.WordRows;
import dev.lynceus.model.stack.StackShape;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.model.text.TextWeights;
import dev.lynceus.nn.Linear;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.Weights;

/// The decoder of BLIP: BERT's layers with a causal mask, each of which reads the question, or the
/// tower, by cross-attention; words are read off what it gives by a map, a function, a norm and the
/// embedding turned round.
public final class BlipDecoder {
  private BlipDecoder() {}

  /// Its sizes.
  ///
  /// @param c of its layers
  /// @param tied whether the unembedding is the embedding, where the checkpoint does not store both
  static TextConfig config(TextEncoderConfig c, boolean tied) {
    StackShape shape = c.shape();
    int heads = shape.heads().count();
    return new TextConfig(
        "blip_text_model",
        c.vocabulary(),
        shape.width(),
        shape.layers(),
        c.positions(),
        TextConfig.Heads.of(heads, heads, shape.heads().width(), shape.layers(), null)
            .unrotated()
            .biases(true, true),
        new TextConfig.FeedForward(shape.inner(), c.activation(), true, false),
        new TextConfig.Norms(
            c.normEps(), 0, TextConfig.Norms.Kind.LAYER, TextConfig.Norms.Place.AFTER),
        new TextConfig.Embedding(1, tied, 0, new TextConfig.Learned(c.positions(), 0), true));
  }

  /// Takes its weights.
  ///
  /// @param c of its layers
  /// @param tied whether the unembedding is the embedding, where the checkpoint does not store both
  /// @param w the view that holds `bert` and `cls`
  /// @throws LynceusException BAD_CHECKPOINT if a tensor is absent or has another shape
  public static TextWeights weights(TextEncoderConfig c, boolean tied, Weights w) {
    TextEncoderWeights body = TextEncoderWeights.read(c, w.at("bert"));
    WordRows rows = body.words();
    Weights head = w.at("cls.predictions");
    int width = c.shape().width();
    BertNames transform = new BertNames(head.at("transform"), width, c.normEps());
    Tensor unembedding;
    if (head.has("decoder.weight")) {
      unembedding = head.get("decoder.weight", c.vocabulary(), width).own();
    } else if (tied) {
      unembedding = rows.embedding();
    } else {
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT,
          "the checkpoint has no cls.predictions.decoder.weight, and config.json does not tie it to"
              + " the embedding",
          "Set tie_word_embeddings to true if the model ties them; else this is not the whole"
              + " model.");
    }
    return new TextWeights(
        rows.embedding(),
        rows.positions(),
        body.norm(),
        body.layers(),
        new TextWeights.Transform(transform.linear("dense", width, width), c.activation()),
        transform.norm("LayerNorm"),
        new Linear(unembedding, bias(c, head)));
  }

  /// Stored under one of two names, or under both; where they differ, the map's own is read, as in
  /// the reference library.
  private static Tensor bias(TextEncoderConfig c, Weights head) {
    String name = head.has("decoder.bias") ? "decoder.bias" : "bias";
    head.skip("bias");
    return head.get(name, c.vocabulary()).own();
  }
}
