package dev.lynceus.model.decoder;

import dev.lynceus.model.config.Config;
import dev.lynceus.model.config.ConfigKeys;
import dev.lynceus.model.text.TextConfig;

/// OPT: layer norms with weight and bias, learned positions, feed-forward networks without gate,
/// and in some sizes an embedding narrower than the stream.
final class OptFamily implements DecoderFamily {
  /// The table of positions begins with two rows that are not read.
  private static final int UNREAD = 2;

  /// The usual epsilon of layer norms; its configs do not name one.
  private static final double EPS = 1e-5;

  @Override
  public String type() {
    return "opt";
  }

  @Override
  public ConfigKeys keys() {
    return ConfigKeys.of(
        "an opt decoder",
        """
        vocab_size hidden_size ffn_dim num_hidden_layers num_attention_heads
        max_position_embeddings do_layer_norm_before _remove_final_layer_norm word_embed_proj_dim
        enable_bias layer_norm_elementwise_affine activation_function tie_word_embeddings
        """,
        "activation_dropout layerdrop init_std intermediate_size");
  }

  @Override
  public TextConfig read(Config c) {
    int width = c.size("hidden_size", 768);
    int heads = c.size("num_attention_heads", 12);
    int layers = c.layers("num_hidden_layers", 12);
    int positions = c.size("max_position_embeddings", 2048);
    if (width % heads != 0) {
      throw c.bad(
          "hidden_size = %d is not a multiple of num_attention_heads = %d".formatted(width, heads));
    }
    if (!c.flag("do_layer_norm_before", true)) {
      // The 350m: norms after the sums, none after the last layer, so that nothing here that reads
      // the stream through the last norm would mean anything.
      throw c.unsupported("do_layer_norm_before", "true");
    }
    if (c.flag("_remove_final_layer_norm", false)) {
      throw c.unsupported("_remove_final_layer_norm", "false");
    }
    boolean bias = c.flag("enable_bias", true);
    int stored = c.size("word_embed_proj_dim", width);
    return new TextConfig(
        type(),
        c.size("vocab_size", 50272),
        width,
        layers,
        positions,
        TextConfig.Heads.of(heads, heads, width / heads, layers, null)
            .unrotated()
            .biases(bias, bias),
        new TextConfig.FeedForward(
            c.size("ffn_dim", 3072), c.activation("activation_function", "relu"), bias, false),
        new TextConfig.Norms(
            EPS,
            0,
            c.flag("layer_norm_elementwise_affine", true)
                ? TextConfig.Norms.Kind.LAYER
                : TextConfig.Norms.Kind.LAYER_WITHOUT_WEIGHTS),
        new TextConfig.Embedding(
            1,
            c.flag("tie_word_embeddings", true),
            stored == width ? 0 : stored,
            new TextConfig.Learned(positions + UNREAD, UNREAD)));
  }
}
