package dev.lynceus.model.gemma3;

import dev.lynceus.model.config.Config;
import dev.lynceus.model.config.ConfigKeys;
import dev.lynceus.model.decoder.Decoders;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.model.vit.VitConfig;

/// How Gemma 3 joins a tower and a decoder.
///
/// @param imageToken id of the token that visual tokens replace
/// @param beginning id of the token that stands for a picture in a text, and before its tokens
/// @param end id of the token behind the tokens of a picture
/// @param side visual tokens to a side of a view
public record Gemma3Config(
    VitConfig vision, TextConfig text, int imageToken, int beginning, int end, int side) {

  /// Which keys of a gemma3 config have an effect.
  public static final ConfigKeys KEYS =
      ConfigKeys.of(
          "a gemma3 model",
          """
          text_config vision_config image_token_id image_token_index boi_token_id boi_token_index
          eoi_token_id eoi_token_index mm_tokens_per_image tie_word_embeddings
          """,
          "");

  /// Reads a `config.json` of `model_type` gemma3.
  ///
  /// @throws dev.lynceus.error.LynceusException UNSUPPORTED_MODEL or BAD_CHECKPOINT, naming the key
  public static Gemma3Config read(Config c) {
    Config tower = c.at("vision_config");
    if (!tower.text("model_type", "siglip_vision_model").equals("siglip_vision_model")) {
      throw tower.unsupported("model_type", "siglip_vision_model");
    }
    VitConfig vision = VitConfig.siglip(tower);
    int tokens = c.size("mm_tokens_per_image", 256);
    int side = (int) Math.sqrt(tokens);
    if (side * side != tokens
        || side > vision.grid()
        || vision.grid() / (vision.grid() / side) != side) {
      throw c.bad(
          "mm_tokens_per_image = %d are no square that %d x %d patches are pooled to"
              .formatted(tokens, vision.grid(), vision.grid()));
    }
    return new Gemma3Config(
        vision,
        Decoders.read(c.at("text_config"), c.flag("tie_word_embeddings", true), "gemma3_text"),
        id(c, "image_token", 262144),
        id(c, "boi_token", 255999),
        id(c, "eoi_token", 256000),
        side);
  }

  private static int id(Config c, String name, int otherwise) {
    String key = c.has(name + "_id") ? name + "_id" : name + "_index";
    int id = c.integer(key, otherwise);
    if (id < 0) {
      throw c.bad(key, "the id of a token");
    }
    return id;
  }

  /// Visual tokens of a view.
  public int viewTokens() {
    return side * side;
  }

  /// So many patches to a side become one token.
  public int pooled() {
    return vision.grid() / side;
  }
}
