package dev.lynceus.model.blip;

import dev.lynceus.model.config.Config;
import dev.lynceus.model.config.ConfigKeys;
import dev.lynceus.model.encoder.TextEncoderConfig;
import dev.lynceus.model.stack.StackShape;

/// The text encoder of BLIP, which reads questions for its answers, and texts beside pictures for
/// matching.
public final class BlipEncoder {
  private BlipEncoder() {}

  /// Which keys of a `text_config` of BLIP have an effect on it. What it reads is as wide as the
  /// tower, whatever `encoder_hidden_size` says, as in the reference library.
  public static final ConfigKeys KEYS =
      ConfigKeys.of(
          "a blip text encoder",
          """
          vocab_size hidden_size intermediate_size num_hidden_layers num_attention_heads hidden_act
          layer_norm_eps max_position_embeddings is_decoder
          """,
          """
          encoder_hidden_size projection_dim initializer_factor label_smoothing
          tie_word_embeddings
          """);

  /// Reads its config.
  ///
  /// @param c the `text_config`
  /// @param memory width of the tower that it reads
  /// @throws dev.lynceus.error.LynceusException UNSUPPORTED_MODEL or BAD_CHECKPOINT, naming the key
  public static TextEncoderConfig read(Config c, int memory) {
    String type = c.text("model_type", "blip_text_model");
    if (!type.equals("blip_text_model")) {
      throw c.unsupported("model_type", "blip_text_model");
    }
    if (!c.flag("is_decoder", true)) {
      // Its layers would have no cross-attention, and it could read no picture.
      throw c.unsupported("is_decoder", "true");
    }
    int width = c.size("hidden_size", 768);
    int heads = c.size("num_attention_heads", 8);
    if (width % heads != 0) {
      throw c.bad(
          "hidden_size = %d is not a multiple of num_attention_heads = %d".formatted(width, heads));
    }
    return new TextEncoderConfig(
        new StackShape(
            c.layers("num_hidden_layers", 12),
            width,
            c.size("intermediate_size", 3072),
            StackShape.Heads.of(heads, heads, width / heads)),
        memory,
        c.size("vocab_size", 30524),
        c.size("max_position_embeddings", 512),
        c.activation("hidden_act", "gelu"),
        c.epsilon("layer_norm_eps", 1e-12));
  }
}
