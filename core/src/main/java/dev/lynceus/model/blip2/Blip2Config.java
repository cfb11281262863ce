package dev.lynceus.model.blip2;

import dev.lynceus.model.blip.BlipTower;
import dev.lynceus.model.config.Config;
import dev.lynceus.model.config.ConfigKeys;
import dev.lynceus.model.decoder.Decoders;
import dev.lynceus.model.qformer.QFormerConfig;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.model.vit.VitConfig;

/// How BLIP-2 and InstructBLIP join a tower, a Q-Former and a decoder.
///
/// @param towerBias whether queries, keys and values of the tower have biases
/// @param imageToken id of the placeholder of one visual token
public record Blip2Config(
    VitConfig vision, boolean towerBias, QFormerConfig queries, TextConfig text, int imageToken) {

  /// Which keys of the config have an effect.
  public static final ConfigKeys KEYS =
      ConfigKeys.of(
          "a blip-2 model",
          """
          text_config vision_config qformer_config num_query_tokens image_token_index image_token_id
          tie_word_embeddings
          """,
          """
          image_text_hidden_size initializer_factor use_decoder_only_language_model is_encoder_decoder
          """);

  /// Reads a `config.json` of `model_type` blip-2 or instructblip.
  ///
  /// @throws dev.lynceus.error.LynceusException UNSUPPORTED_MODEL or BAD_CHECKPOINT, naming the key
  public static Blip2Config read(Config c) {
    boolean instructed = c.text("model_type", "").equals("instructblip");
    VitConfig vision = BlipTower.read(c.at("vision_config"), BlipTower.Generation.SECOND);
    Config queries = c.at("qformer_config");
    if (!instructed && queries.flag("use_qformer_text_input", false)) {
      // The retrieval models: they compare pictures and texts, and have no decoder.
      throw queries.unsupported("use_qformer_text_input", "false");
    }
    String key = c.has("image_token_id") ? "image_token_id" : "image_token_index";
    if (!c.has(key)) {
      throw c.bad(key, "the id of the placeholder of a visual token");
    }
    int token = c.integer(key, 0);
    if (token < 0) {
      throw c.bad(key, "the id of a token");
    }
    return new Blip2Config(
        vision,
        c.at("vision_config").flag("qkv_bias", true),
        QFormerConfig.read(queries, c.size("num_query_tokens", 32), vision.width(), instructed),
        Decoders.read(c.at("text_config"), c.flag("tie_word_embeddings", true), "opt"),
        token);
  }
}
