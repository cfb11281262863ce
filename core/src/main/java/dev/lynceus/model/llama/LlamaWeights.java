package dev.lynceus.model.llama;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.nn.Linear;
import dev.lynceus.nn.Norm;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.Weights;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Weights of a Llama-like decoder.
///
/// @param embedding `[vocabulary, width]`
/// @param norm the last norm
/// @param head the unembedding
public record LlamaWeights(Tensor embedding, List<Layer> layers, Norm.Rms norm, Linear head) {

  /// Weights of one layer.
  public record Layer(
      Norm.Rms attentionNorm,
      Linear query,
      Linear key,
      Linear value,
      Linear output,
      Norm.Rms feedForwardNorm,
      Linear gate,
      Linear up,
      Linear down) {}

  /// Takes the weights of a decoder.
  ///
  /// @param body the view that holds `embed_tokens`, `layers` and `norm`
  /// @param head the view that holds `lm_head`
  /// @throws LynceusException BAD_CHECKPOINT if a tensor is absent or has another shape
  public static LlamaWeights read(LlamaConfig c, Weights body, Weights head) {
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
    if (body.hasBelow("layers." + c.layers())) {
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT,
          "the weights hold layer %d, config.json says there are %d layers"
              .formatted(c.layers(), c.layers()),
          "Use the config.json that belongs to these weights.");
    }
    Tensor unembedding;
    if (onlyHead) {
      unembedding = embedding;
    } else if (head.has("lm_head.weight")) {
      unembedding = head.get("lm_head.weight", c.vocabulary(), c.width()).own();
    } else if (c.embedding().tied()) {
      unembedding = embedding;
    } else {
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT,
          "the checkpoint has no lm_head.weight, and config.json does not tie it to the embedding",
          "Set tie_word_embeddings to true if the model ties them; else this is not the whole model: a"
              + " base model, an encoder or a classifier has no words to answer with.");
    }
    return new LlamaWeights(
        embedding, layers, norm(c, body, "norm"), new Linear(unembedding, null));
  }

  private static Layer layer(LlamaConfig c, Weights w) {
    int all = c.heads() * c.headWidth();
    int shared = c.keyHeads() * c.headWidth();
    w.skip("self_attn.rotary_emb.inv_freq");
    return new Layer(
        norm(c, w, "input_layernorm"),
        linear(w, "self_attn.q_proj", all, c.width(), c.attention().queryBias()),
        linear(w, "self_attn.k_proj", shared, c.width(), c.attention().queryBias()),
        linear(w, "self_attn.v_proj", shared, c.width(), c.attention().queryBias()),
        linear(w, "self_attn.o_proj", c.width(), all, c.attention().outputBias()),
        norm(c, w, "post_attention_layernorm"),
        linear(w, "mlp.gate_proj", c.inner(), c.width(), c.feedForward().bias()),
        linear(w, "mlp.up_proj", c.inner(), c.width(), c.feedForward().bias()),
        linear(w, "mlp.down_proj", c.width(), c.inner(), c.feedForward().bias()));
  }

  private static Linear linear(Weights w, String name, int out, int in, boolean hasBias) {
    @Nullable Tensor bias = hasBias ? w.get(name + ".bias", out).own() : null;
    return new Linear(w.get(name + ".weight", out, in).own(), bias);
  }

  /// A norm with the offset of the family added in float32, where 1 + w is exact enough for 16-bit
  /// weights.
  private static Norm.Rms norm(LlamaConfig c, Weights w, String name) {
    Tensor weight = w.get(name + ".weight", c.width());
    if (c.norms().offset() != 0) {
      weight = weight.to(DType.FLOAT32).add(c.norms().offset());
    }
    return new Norm.Rms(weight.own(), c.normEps());
  }
}
