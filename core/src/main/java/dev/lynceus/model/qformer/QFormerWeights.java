package dev.lynceus.model.qformer;

import dev.lynceus.model.encoder.BertNames;
import dev.lynceus.model.encoder.WordRows;
import dev.lynceus.model.stack.Layer;
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
      layers.add(layer(c, names(c, w.at("encoder.layer." + l)), c.crosses(l)));
    }
    @Nullable WordRows words =
        c.words() ? WordRows.read(embeddings, c.vocabulary(), c.positions(), c.width()) : null;
    return new QFormerWeights(
        queries.select(0, 0).own(), names(c, w).norm(norm), words, List.copyOf(layers));
  }

  private static Layer layer(QFormerConfig c, BertNames names, boolean crosses) {
    return new Layer(
        names.norm("attention.output.LayerNorm"),
        names.attention("attention", "attention", c.width()),
        crosses
            ? new Layer.Cross(
                names.norm("crossattention.output.LayerNorm"),
                names.attention("crossattention", "attention", c.memory()))
            : null,
        names.norm("output_query.LayerNorm"),
        names.network("intermediate_query", "output_query", c.inner(), c.activation()),
        c.words()
            ? new Layer.Words(
                names.norm("output.LayerNorm"),
                names.network("intermediate", "output", c.inner(), c.activation()))
            : null,
        null);
  }

  private static BertNames names(QFormerConfig c, Weights w) {
    return new BertNames(w, c.width(), c.normEps());
  }
}
