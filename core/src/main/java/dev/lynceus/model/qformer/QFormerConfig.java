package dev.lynceus.model.qformer;

import dev.lynceus.model.config.Config;
import dev.lynceus.model.config.ConfigKeys;
import dev.lynceus.model.stack.StackShape;
import dev.lynceus.nn.Activation;

/// Sizes and switches of a Q-Former.
///
/// @param queries how many learned queries
/// @param width width of the residual stream
/// @param inner neurons of a feed-forward layer
/// @param every every so many layers, from the first on, one reads the tower
/// @param memory width of what it reads
/// @param vocabulary ids of the words beside the queries
/// @param positions most words beside the queries
/// @param words whether words stand beside the queries
public record QFormerConfig(
    int queries,
    int width,
    int inner,
    int layers,
    int heads,
    int every,
    int memory,
    int vocabulary,
    int positions,
    Activation activation,
    double normEps,
    boolean words) {

  /// Which keys of a Q-Former's config have an effect.
  public static final ConfigKeys KEYS =
      ConfigKeys.of(
          "a Q-Former",
          """
          hidden_size intermediate_size num_hidden_layers num_attention_heads hidden_act
          layer_norm_eps cross_attention_frequency encoder_hidden_size use_qformer_text_input
          vocab_size max_position_embeddings
          """,
          "hidden_dropout_prob position_embedding_type chunk_size_feed_forward");

  /// Reads the `qformer_config` of a model.
  ///
  /// @param queries how many queries there are
  /// @param memory width of the tower that it reads
  /// @param words whether words stand beside the queries
  /// @throws dev.lynceus.error.LynceusException UNSUPPORTED_MODEL or BAD_CHECKPOINT, naming the key
  public static QFormerConfig read(Config c, int queries, int memory, boolean words) {
    int width = c.size("hidden_size", 768);
    int heads = c.size("num_attention_heads", 12);
    if (width % heads != 0) {
      throw c.bad(
          "hidden_size = %d is not a multiple of num_attention_heads = %d".formatted(width, heads));
    }
    if (!c.text("position_embedding_type", "absolute").equals("absolute")) {
      throw c.unsupported("position_embedding_type", "absolute");
    }
    return new QFormerConfig(
        queries,
        width,
        c.size("intermediate_size", 3072),
        c.layers("num_hidden_layers", 12),
        heads,
        c.size("cross_attention_frequency", 2),
        memory,
        c.size("vocab_size", 30522),
        c.size("max_position_embeddings", 512),
        c.activation("hidden_act", "gelu"),
        c.epsilon("layer_norm_eps", 1e-12),
        words);
  }

  /// Whether a layer reads the tower.
  public boolean crosses(int layer) {
    return layer % every == 0;
  }

  /// Sizes of the layers.
  public StackShape shape() {
    return new StackShape(layers, width, inner, StackShape.Heads.of(heads, heads, width / heads));
  }
}
