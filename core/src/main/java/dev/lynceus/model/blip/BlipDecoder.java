package dev.lynceus.model.blip;

import dev.lynceus.model.encoder.TextEncoderConfig;
import dev.lynceus.model.encoder.TextEncoderWeights;
import dev.lynceus.model.encoder.WordHead;
import dev.lynceus.model.stack.StackShape;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.model.text.TextWeights;
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
        new TextConfig.Embedding(1, tied, 0, new TextConfig.Learned(c.positions(), 0)));
  }

  /// Takes its weights.
  ///
  /// @param c of its layers
  /// @param tied whether the unembedding is the embedding, where the checkpoint does not store both
  /// @param w the view that holds `bert` and `cls`
  /// @throws dev.lynceus.error.LynceusException BAD_CHECKPOINT if a tensor is absent or has another
  ///   shape
  public static TextWeights weights(TextEncoderConfig c, boolean tied, Weights w) {
    TextEncoderWeights body = TextEncoderWeights.read(c, w.at("bert"));
    Tensor embedding = body.words().embedding();
    WordHead head =
        WordHead.read(
            w,
            WordHead.Names.bert(c.activation()),
            c.shape().width(),
            c.normEps(),
            tied,
            embedding);
    return new TextWeights(
        embedding,
        body.words().positions(),
        new TextWeights.Entry(null, body.norm(), null),
        body.layers(),
        head.transform(),
        head.norm(),
        head.words());
  }
}
