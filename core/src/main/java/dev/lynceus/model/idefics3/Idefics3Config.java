package dev.lynceus.model.idefics3;

import dev.lynceus.model.config.Config;
import dev.lynceus.model.config.ConfigKeys;
import dev.lynceus.model.decoder.Decoders;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.model.vit.VitConfig;

/// How Idefics3 and SmolVLM join a tower and a decoder.
///
/// @param imageToken id of the placeholder of one visual token
/// @param scale so many patches to a side become one visual token
public record Idefics3Config(VitConfig vision, TextConfig text, int imageToken, int scale) {

  /// Which keys of an idefics3 or smolvlm config have an effect.
  public static final ConfigKeys KEYS =
      ConfigKeys.of(
          "an idefics3 model",
          "text_config vision_config image_token_id scale_factor tie_word_embeddings",
          "vocab_size hidden_size use_reentrant_checkpointing image_token_index");

  /// Reads a `config.json` of `model_type` idefics3 or smolvlm.
  ///
  /// @throws dev.lynceus.error.LynceusException UNSUPPORTED_MODEL or BAD_CHECKPOINT, naming the key
  public static Idefics3Config read(Config c) {
    VitConfig vision = VitConfig.idefics3(c.at("vision_config"));
    int scale = c.size("scale_factor", 2);
    if (vision.grid() % scale != 0) {
      throw c.bad(
          "scale_factor = %d does not divide the %d patches of a row"
              .formatted(scale, vision.grid()));
    }
    int token = c.integer("image_token_id", 128257);
    if (token < 0) {
      throw c.bad("image_token_id", "the id of a token");
    }
    return new Idefics3Config(
        vision,
        Decoders.read(c.at("text_config"), c.flag("tie_word_embeddings", false)),
        token,
        scale);
  }

  /// Visual tokens to a side of a view.
  public int side() {
    return vision.grid() / scale;
  }

  /// Visual tokens of a view.
  public int viewTokens() {
    return side() * side();
  }
}
