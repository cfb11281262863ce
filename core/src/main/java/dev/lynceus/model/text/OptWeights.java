package dev.lynceus.model.text;

import dev.lynceus.model.stack.FeedForward;
import dev.lynceus.model.stack.Layer;
import dev.lynceus.model.stack.Projections;
import dev.lynceus.nn.Linear;
import dev.lynceus.nn.Norm;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import dev.lynceus.tensor.file.Weights;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes the weights of OPT, whose tensors have names of their own.
public final class OptWeights {
  /// Rows of a product that are made at once, to bound memory.
  private static final int BLOCK = 4096;

  private OptWeights() {}

  /// Takes the weights. A projection between a narrow embedding and the stream is multiplied into
  /// the embedding, and one before the unembedding into that, so that every reader of the two finds
  /// them as wide as the stream; such a product is kept in float32.
  ///
  /// @param body the view that holds `embed_tokens`, `embed_positions`, `layers` and
  ///   `final_layer_norm`
  /// @param head the view that holds `lm_head`
  /// @throws dev.lynceus.error.LynceusException BAD_CHECKPOINT if a tensor is absent or has another
  ///   shape
  public static TextWeights read(TextConfig c, Weights body, Weights head) {
    TextConfig.Embedding e = c.embedding();
    TextConfig.Learned learned = java.util.Objects.requireNonNull(e.positions());
    int narrow = e.narrow() == 0 ? c.width() : e.narrow();
    boolean stored = head.has("lm_head.weight");
    boolean onlyHead = e.tied() && stored && !body.has("embed_tokens.weight");
    Tensor embedding =
        (onlyHead
                ? head.get("lm_head.weight", c.vocabulary(), narrow)
                : body.get("embed_tokens.weight", c.vocabulary(), narrow))
            .own();
    Tensor unembedding;
    if (stored && !onlyHead) {
      unembedding = head.get("lm_head.weight", c.vocabulary(), narrow).own();
    } else if (e.tied()) {
      unembedding = embedding;
    } else {
      throw TextWeights.headless();
    }
    List<Layer> layers = new ArrayList<>();
    for (int l = 0; l < c.layers(); l++) {
      layers.add(layer(c, body.at("layers." + l)));
    }
    TextWeights.requireNoMore(c, body);
    Tensor words = embedding;
    if (e.narrow() != 0) {
      words =
          wide(embedding, body.get("project_in.weight", c.width(), narrow).to(DType.FLOAT64).t());
      unembedding =
          wide(unembedding, body.get("project_out.weight", narrow, c.width()).to(DType.FLOAT64));
    }
    return new TextWeights(
        words,
        body.get("embed_positions.weight", learned.rows(), c.width()).own(),
        layers,
        norm(c, body, "final_layer_norm"),
        new Linear(unembedding, null));
  }

  /// A table of words times a map, `[vocabulary, width]` in float32.
  private static Tensor wide(Tensor table, Tensor map) {
    int rows = (int) table.size(0);
    Tensor product = Torch.empty(DType.FLOAT32, rows, map.size(1)).own();
    for (int start = 0; start < rows; start += BLOCK) {
      try (Scope scope = Scope.open()) {
        int length = Math.min(BLOCK, rows - start);
        Tensor some = table.narrow(0, start, length).to(DType.FLOAT64).matmul(map);
        product.narrow(0, start, length).copy_(some);
      }
    }
    return product;
  }

  private static Layer layer(TextConfig c, Weights w) {
    int width = c.width();
    boolean bias = c.feedForward().bias();
    return new Layer(
        norm(c, w, "self_attn_layer_norm"),
        new Projections(
            linear(w, "self_attn.q_proj", width, width, c.attention().queryBias()),
            linear(w, "self_attn.k_proj", width, width, c.attention().queryBias()),
            linear(w, "self_attn.v_proj", width, width, c.attention().queryBias()),
            linear(w, "self_attn.out_proj", width, width, c.attention().outputBias()),
            null),
        norm(c, w, "final_layer_norm"),
        new FeedForward(
            null,
            linear(w, "fc1", c.inner(), width, bias),
            linear(w, "fc2", width, c.inner(), bias),
            c.activation()));
  }

  private static Linear linear(Weights w, String name, int out, int in, boolean hasBias) {
    @Nullable Tensor bias = hasBias ? w.get(name + ".bias", out).own() : null;
    return new Linear(w.get(name + ".weight", out, in).own(), bias);
  }

  private static Norm.Layer norm(TextConfig c, Weights w, String name) {
    boolean plain = c.norms().kind() == TextConfig.Norms.Kind.LAYER_WITHOUT_WEIGHTS;
    return plain
        ? new Norm.Layer(
            Torch.full(DType.FLOAT32, 1, c.width()).own(),
            Torch.zeros(DType.FLOAT32, c.width()).own(),
            c.normEps())
        : new Norm.Layer(
            w.get(name + ".weight", c.width()).own(),
            w.get(name + ".bias", c.width()).own(),
            c.normEps());
  }
}
