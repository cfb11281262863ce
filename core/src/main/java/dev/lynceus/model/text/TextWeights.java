package dev.lynceus.model.text;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.stack.FeedForward;
import dev.lynceus.model.stack.Layer;
import dev.lynceus.model.stack.Projections;
import dev.lynceus.nn.Activation;
import dev.lynceus.nn.Linear;
import dev.lynceus.nn.Norm;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Weights of a decoder.
///
/// @param embedding `[vocabulary, width]`
/// @param positions `[rows, width]`; null without learned positions
/// @param entry what stands between the sum of the embeddings and the first layer; null without
/// @param transform what the stream goes through before the last norm; null where that reads it as
///   it is
/// @param norm the last norm
/// @param head the unembedding
public record TextWeights(
    Tensor embedding,
    @Nullable Tensor positions,
    @Nullable Entry entry,
    List<Layer> layers,
    @Nullable Transform transform,
    Norm norm,
    Linear head) {

  /// Without a norm before the first layer, or a transform after the last.
  public TextWeights(
      Tensor embedding, @Nullable Tensor positions, List<Layer> layers, Norm norm, Linear head) {
    this(embedding, positions, null, layers, null, norm, head);
  }

  /// What stands between the sum of the embeddings and the first layer.
  ///
  /// @param kinds what is added for the text that a token belongs to, `[texts, width]`; null
  ///   without
  /// @param norm of the sum
  /// @param widening from the width of the embeddings to that of the stream; null where they are
  ///   one
  public record Entry(@Nullable Tensor kinds, Norm norm, @Nullable Linear widening) {}

  /// What BERT and its kin do with the stream before the words are read off it.
  public record Transform(Linear map, Activation activation) {
    Tensor apply(Tensor stream) {
      return activation.apply(map.apply(stream));
    }
  }

  /// Takes the weights of a Llama-like decoder.
  ///
  /// @param body the view that holds `embed_tokens`, `layers` and `norm`
  /// @param head the view that holds `lm_head`
  /// @throws LynceusException BAD_CHECKPOINT if a tensor is absent or has another shape
  public static TextWeights read(TextConfig c, Weights body, Weights head) {
    boolean onlyHead =
        c.embedding().tied() && !body.has("embed_tokens.weight") && head.has("lm_head.weight");
    Tensor embedding =
        (onlyHead
                ? head.get("lm_head.weight", c.vocabulary(), c.width())
                : body.get("embed_tokens.weight", c.vocabulary(), c.width()))
            .own();
    List<Layer> layers = new ArrayList<>();
    for (int l = 0; l < c.layers(); l++) {
      layers.add(layer(c, body.at("layers." + l)));
    }
    requireNoMore(c, body);
    Tensor unembedding;
    if (onlyHead) {
      unembedding = embedding;
    } else if (head.has("lm_head.weight")) {
      unembedding = head.get("lm_head.weight", c.vocabulary(), c.width()).own();
    } else if (c.embedding().tied()) {
      unembedding = embedding;
    } else {
      throw headless();
    }
    return new TextWeights(
        embedding, null, layers, norm(c, body, "norm", c.width()), new Linear(unembedding, null));
  }

  /// Refuses layers beyond those of the config.
  static void requireNoMore(TextConfig c, Weights body) {
    if (body.hasBelow("layers." + c.layers())) {
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT,
          "the weights hold layer %d, config.json says there are %d layers"
              .formatted(c.layers(), c.layers()),
          "Use the config.json that belongs to these weights.");
    }
  }

  /// The refusal of a decoder without an unembedding.
  static LynceusException headless() {
    return new LynceusException(
        ErrorCode.BAD_CHECKPOINT,
        "the checkpoint has no lm_head.weight, and config.json does not tie it to the embedding",
        "Set tie_word_embeddings to true if the model ties them; else this is not the whole model: a"
            + " base model, an encoder or a classifier has no words to answer with.");
  }

  private static Layer layer(TextConfig c, Weights w) {
    int all = c.heads() * c.headWidth();
    int shared = c.keyHeads() * c.headWidth();
    w.skip("self_attn.rotary_emb.inv_freq");
    Linear[] projections =
        projections(
            w,
            "self_attn",
            List.of("q_proj", "k_proj", "v_proj"),
            "qkv_proj",
            new int[] {all, shared, shared},
            c.width(),
            c.attention().queryBias());
    Linear[] feed =
        projections(
            w,
            "mlp",
            List.of("gate_proj", "up_proj"),
            "gate_up_proj",
            new int[] {c.inner(), c.inner()},
            c.width(),
            c.feedForward().bias());
    Projections attention =
        new Projections(
            projections[0],
            projections[1],
            projections[2],
            linear(w, "self_attn.o_proj", c.width(), all, c.attention().outputBias()),
            c.attention().normed()
                ? new Projections.HeadNorms(
                    norm(c, w, "self_attn.q_norm", c.headWidth()),
                    norm(c, w, "self_attn.k_norm", c.headWidth()))
                : null);
    return new Layer(
        norm(c, w, "input_layernorm", c.width()),
        attention,
        norm(
            c,
            w,
            c.norms().behind() ? "pre_feedforward_layernorm" : "post_attention_layernorm",
            c.width()),
        new FeedForward(
            feed[0],
            feed[1],
            linear(w, "mlp.down_proj", c.width(), c.inner(), c.feedForward().bias()),
            c.activation()),
        c.norms().behind()
            ? new Layer.Behind(
                norm(c, w, "post_attention_layernorm", c.width()),
                norm(c, w, "post_feedforward_layernorm", c.width()))
            : null);
  }

  /// Projections that are stored apart, or as the rows of one matrix, one after the other.
  private static Linear[] projections(
      Weights w,
      String part,
      List<String> apart,
      String together,
      int[] rows,
      int in,
      boolean hasBias) {
    Linear[] maps = new Linear[rows.length];
    if (!w.has(part + "." + together + ".weight")) {
      for (int i = 0; i < maps.length; i++) {
        maps[i] = linear(w, part + "." + apart.get(i), rows[i], in, hasBias);
      }
      return maps;
    }
    Linear all = linear(w, part + "." + together, IntStream.of(rows).sum(), in, hasBias);
    int start = 0;
    for (int i = 0; i < maps.length; i++) {
      @Nullable Tensor bias = all.bias() == null ? null : all.bias().narrow(0, start, rows[i]);
      maps[i] = new Linear(all.weight().narrow(0, start, rows[i]).own(), own(bias));
      start += rows[i];
    }
    return maps;
  }

  private static @Nullable Tensor own(@Nullable Tensor bias) {
    return bias == null ? null : bias.own();
  }

  private static Linear linear(Weights w, String name, int out, int in, boolean hasBias) {
    @Nullable Tensor bias = hasBias ? w.get(name + ".bias", out).own() : null;
    return new Linear(w.get(name + ".weight", out, in).own(), bias);
  }

  /// A norm with the offset of the family added in float32, where 1 + w is exact enough for 16-bit
  /// weights.
  private static Norm.Rms norm(TextConfig c, Weights w, String name, int width) {
    Tensor weight = w.get(name + ".weight", width);
    if (c.norms().offset() != 0) {
      weight = weight.to(DType.FLOAT32).add(c.norms().offset());
    }
    return new Norm.Rms(weight.own(), c.normEps());
  }
}
