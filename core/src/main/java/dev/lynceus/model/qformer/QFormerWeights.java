package dev.lynceus.model.qformer;

import dev.lynceus.model.stack.FeedForward;
import dev.lynceus.model.stack.Layer;
import dev.lynceus.model.stack.Projections;
import dev.lynceus.nn.Linear;
import dev.lynceus.nn.Norm;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.Weights;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Weights of a Q-Former.
///
/// @param queries `[queries, width]`
/// @param norm before the first layer
/// @param words null without words
public record QFormerWeights(
    Tensor queries, Norm.Layer norm, @Nullable WordRows words, List<Layer> layers) {

  /// The embedding of the words beside the queries.
  ///
  /// @param embedding `[vocabulary, width]`
  /// @param positions `[positions, width]`
  public record WordRows(Tensor embedding, Tensor positions) {}

  /// Takes the weights.
  ///
  /// @param queries `[1, queries, width]`
  /// @param embeddings the view that holds the embedding of words, where there are words
  /// @param norm name of the norm before the first layer, below `w`
  /// @param w the view that holds `encoder`
  /// @throws dev.lynceus.error.LynceusException BAD_CHECKPOINT if a tensor is absent or has another
  ///   shape
  public static QFormerWeights read(
      QFormerConfig c, Tensor queries, Weights embeddings, String norm, Weights w) {
    List<Layer> layers = new ArrayList<>();
    for (int l = 0; l < c.layers(); l++) {
      layers.add(layer(c, w.at("encoder.layer." + l), c.crosses(l)));
    }
    @Nullable WordRows words = null;
    if (c.words()) {
      embeddings.skip("position_ids");
      words =
          new WordRows(
              embeddings.get("word_embeddings.weight", c.vocabulary(), c.width()).own(),
              embeddings.get("position_embeddings.weight", c.positions(), c.width()).own());
    }
    return new QFormerWeights(queries.select(0, 0).own(), norm(c, w, norm), words, layers);
  }

  private static Layer layer(QFormerConfig c, Weights w, boolean crosses) {
    return new Layer(
        norm(c, w, "attention.output.LayerNorm"),
        attention(c, w.at("attention"), c.width()),
        crosses
            ? new Layer.Cross(
                norm(c, w, "crossattention.output.LayerNorm"),
                attention(c, w.at("crossattention"), c.memory()))
            : null,
        norm(c, w, "output_query.LayerNorm"),
        network(c, w, "intermediate_query", "output_query"),
        c.words()
            ? new Layer.Words(
                norm(c, w, "output.LayerNorm"), network(c, w, "intermediate", "output"))
            : null,
        null);
  }

  private static Projections attention(QFormerConfig c, Weights w, int source) {
    int width = c.width();
    return new Projections(
        linear(w, "attention.query", width, width),
        linear(w, "attention.key", width, source),
        linear(w, "attention.value", width, source),
        linear(w, "output.dense", width, width),
        null);
  }

  private static FeedForward network(QFormerConfig c, Weights w, String up, String down) {
    return new FeedForward(
        null,
        linear(w, up + ".dense", c.inner(), c.width()),
        linear(w, down + ".dense", c.width(), c.inner()),
        c.activation());
  }

  private static Linear linear(Weights w, String name, int out, int in) {
    return new Linear(w.get(name + ".weight", out, in).own(), w.get(name + ".bias", out).own());
  }

  private static Norm.Layer norm(QFormerConfig c, Weights w, String name) {
    return new Norm.Layer(
        w.get(name + ".weight", c.width()).own(),
        w.get(name + ".bias", c.width()).own(),
        c.normEps());
  }
}
