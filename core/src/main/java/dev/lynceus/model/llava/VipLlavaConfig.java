package dev.lynceus.model.llava;

import dev.lynceus.model.config.Config;
import dev.lynceus.model.config.ConfigKeys;
import dev.lynceus.model.decoder.Decoders;
import dev.lynceus.model.vit.VitConfig;
import java.util.OptionalDouble;

/// VipLLaVA (`VipLlavaForConditionalGeneration`) as a [LlavaConfig]: the states of several depths
/// of the tower are joined in the order of a list, always without the first position, and
/// normalised before they are projected.
public final class VipLlavaConfig {
  private VipLlavaConfig() {}

  /// Which keys of a vipllava config have an effect.
  public static final ConfigKeys KEYS =
      ConfigKeys.of(
          "a vipllava model",
          """
          text_config vision_config image_token_index image_token_id vision_feature_layers
          projector_hidden_act projector_layernorm_eps tie_word_embeddings
          """,
          "ignore_index image_seq_length vocab_size hidden_size");

  private static final int[] USUAL_DEPTHS = {-2, -5, -8, -11, 6};

  /// Reads a `config.json` of `model_type` vipllava.
  ///
  /// @throws dev.lynceus.error.LynceusException UNSUPPORTED_MODEL for a value that is not known
  public static LlavaConfig read(Config c) {
    VitConfig vision = LlavaConfig.tower(c);
    return new LlavaConfig(
        vision,
        Decoders.read(c.at("text_config"), c.flag("tie_word_embeddings", false)),
        LlavaConfig.imageToken(c),
        LlavaConfig.depths(c, "vision_feature_layers", USUAL_DEPTHS, vision.layers()),
        false,
        new LlavaConfig.Projector(
            OptionalDouble.of(c.epsilon("projector_layernorm_eps", 1e-5)),
            c.activation("projector_hidden_act", "gelu"),
            true));
  }
}
