package dev.lynceus.model.qwenvl;

import dev.lynceus.model.config.Config;
import dev.lynceus.model.config.ConfigKeys;
import dev.lynceus.model.decoder.QwenVlDecoders;
import dev.lynceus.model.text.TextConfig;

/// How a Qwen-VL joins a tower and a decoder.
///
/// @param imageToken id of the placeholder of one visual token of a picture
/// @param videoToken id of that of a video
public record QwenVlConfig(
    PatchTowerConfig vision, TextConfig text, int imageToken, int videoToken) {

  private static final String USED =
      "text_config vision_config image_token_id video_token_id tie_word_embeddings";
  private static final String HARMLESS =
      "vision_start_token_id vision_end_token_id vision_token_id";

  /// Which keys of a config have an effect: that of the decoder lies in `text_config`, or, as
  /// published files have it, beside the others.
  public static ConfigKeys keys(Config c) {
    ConfigKeys own =
        ConfigKeys.of("a %s model".formatted(c.text("model_type", "")), USED, HARMLESS);
    return c.has("text_config") || type(c) == PatchTowerConfig.Generation.QWEN3
        ? own
        : own.and(QwenVlDecoders.keys(c.text("model_type", "")));
  }

  /// The config of the decoder.
  public static Config decoder(Config c) {
    return c.has("text_config") || type(c) == PatchTowerConfig.Generation.QWEN3
        ? c.at("text_config")
        : c;
  }

  private static PatchTowerConfig.Generation type(Config c) {
    return PatchTowerConfig.Generation.of(c.text("model_type", ""));
  }

  /// Reads a `config.json` of one of the three types.
  ///
  /// @throws dev.lynceus.error.LynceusException UNSUPPORTED_MODEL or BAD_CHECKPOINT, naming the key
  public static QwenVlConfig read(Config c) {
    PatchTowerConfig.Generation generation = type(c);
    PatchTowerConfig vision = PatchTowerConfig.read(c.at("vision_config"), generation);
    TextConfig text =
        QwenVlDecoders.read(decoder(c), generation.type(), c.flag("tie_word_embeddings", false));
    if (vision.out() != text.width()) {
      throw c.bad(
          "the tower makes visual tokens of %d numbers, the decoder takes %d"
              .formatted(vision.out(), text.width()));
    }
    return new QwenVlConfig(
        vision, text, token(c, "image_token_id", 151655), token(c, "video_token_id", 151656));
  }

  private static int token(Config c, String key, int otherwise) {
    int token = c.integer(key, otherwise);
    if (token < 0) {
      throw c.bad(key, "the id of a token");
    }
    return token;
  }
}
