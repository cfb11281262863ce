package dev.lynceus.model.paligemma;

import dev.lynceus.model.config.Config;
import dev.lynceus.model.config.ConfigKeys;
import dev.lynceus.model.decoder.Decoders;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.model.vit.VitConfig;

/// How PaliGemma joins a tower and a decoder.
///
/// @param imageToken id of the placeholder that visual tokens replace
public record PaliGemmaConfig(VitConfig vision, TextConfig text, int imageToken) {

  /// Which keys of a paligemma config have an effect.
  public static final ConfigKeys KEYS =
      ConfigKeys.of(
          "a paligemma model",
          "text_config vision_config image_token_id image_token_index tie_word_embeddings",
          "vocab_size _vocab_size hidden_size projection_dim ignore_index num_hidden_layers");

  /// Reads a `config.json` of `model_type` paligemma.
  ///
  /// @throws dev.lynceus.error.LynceusException UNSUPPORTED_MODEL or BAD_CHECKPOINT, naming the key
  public static PaliGemmaConfig read(Config c) {
    VitConfig vision = VitConfig.read(c.at("vision_config"));
    if (vision.classToken()) {
      throw c.at("vision_config").unsupported("model_type", "siglip_vision_model");
    }
    String key = c.has("image_token_id") ? "image_token_id" : "image_token_index";
    int token = c.integer(key, 256000);
    if (token < 0) {
      throw c.bad(key, "the id of a token");
    }
    return new PaliGemmaConfig(
        vision, Decoders.read(c.at("text_config"), c.flag("tie_word_embeddings", false)), token);
  }

  /// Visual tokens of a picture: one for each patch.
  public int imageTokens() {
    return vision.positions();
  }
}
