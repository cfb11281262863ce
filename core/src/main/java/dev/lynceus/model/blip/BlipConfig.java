package dev.lynceus.model.blip;

import dev.lynceus.model.config.Config;
import dev.lynceus.model.config.ConfigKeys;
import dev.lynceus.model.encoder.TextEncoderConfig;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.model.vit.VitConfig;

/// How BLIP joins a tower, an encoder of the question, and a decoder.
///
/// @param words sizes of the encoder; those of the decoder are the same
/// @param text the decoder
/// @param begin id of the token that all it says comes after
/// @param end id of the token that ends it
public record BlipConfig(
    VitConfig vision, TextEncoderConfig words, TextConfig text, int begin, int end) {

  /// Which keys of the config have an effect.
  public static final ConfigKeys KEYS =
      ConfigKeys.of(
          "a blip model",
          "text_config vision_config tie_word_embeddings",
          """
          projection_dim logit_scale_init_value image_text_hidden_size initializer_factor
          label_smoothing
          """);

  /// Which keys of its `text_config` have an effect.
  public static final ConfigKeys TEXT_KEYS =
      BlipEncoder.KEYS.and(ConfigKeys.of("", "bos_token_id sep_token_id", "use_cache"));

  /// Reads a `config.json` of `model_type` blip.
  ///
  /// @throws dev.lynceus.error.LynceusException UNSUPPORTED_MODEL or BAD_CHECKPOINT, naming the key
  public static BlipConfig read(Config c) {
    VitConfig vision = BlipTower.read(c.at("vision_config"), BlipTower.Generation.FIRST);
    Config text = c.at("text_config");
    TextEncoderConfig words = BlipEncoder.read(text, vision.width());
    return new BlipConfig(
        vision,
        words,
        BlipDecoder.config(words, c.flag("tie_word_embeddings", true)),
        id(text, "bos_token_id", 30522, words.vocabulary()),
        id(text, "sep_token_id", 102, words.vocabulary()));
  }

  /// Sizes of the layers of the decoder, which read the question where there is one.
  public TextEncoderConfig spoken(boolean asked) {
    return new TextEncoderConfig(
        words.shape(),
        asked ? words.shape().width() : words.memory(),
        words.vocabulary(),
        words.positions(),
        words.activation(),
        words.normEps());
  }

  private static int id(Config c, String key, int usual, int vocabulary) {
    int id = c.integer(key, usual);
    if (id < 0 || id >= vocabulary) {
      throw c.bad(key, "the id of a token, of which there are " + vocabulary);
    }
    return id;
  }
}
