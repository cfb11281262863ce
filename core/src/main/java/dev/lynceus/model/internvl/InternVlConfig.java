package dev.lynceus.model.internvl;

import dev.lynceus.model.config.Config;
import dev.lynceus.model.config.ConfigKeys;
import dev.lynceus.model.decoder.Decoders;
import dev.lynceus.model.llava.LlavaConfig;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.model.vit.VitConfig;
import java.util.OptionalDouble;

/// How InternVL joins a tower and a decoder.
///
/// @param tower what tells this tower from others
/// @param imageToken id of the placeholder of one visual token
/// @param depth the state of the tower that is read: 0 = input of the first layer, i = output of
///   layer i - 1
/// @param scale so many patches to a side become one visual token
public record InternVlConfig(
    VitConfig vision,
    Tower tower,
    TextConfig text,
    int imageToken,
    int depth,
    int scale,
    LlavaConfig.Projector projector) {

  /// Switches of the tower.
  ///
  /// @param rms whether the norms of its layers are root-mean-square norms
  /// @param attentionBias whether queries, keys and values have biases
  /// @param normAfter whether a norm follows the last layer
  public record Tower(boolean rms, boolean attentionBias, boolean normAfter) {}

  /// Which keys of an internvl config have an effect.
  public static final ConfigKeys KEYS =
      ConfigKeys.of(
          "an internvl model",
          """
          text_config vision_config image_token_id downsample_ratio projector_hidden_act
          vision_feature_layer vision_feature_select_strategy tie_word_embeddings
          """,
          "image_seq_length vocab_size hidden_size");

  /// Which keys of the config of its tower have an effect.
  public static final ConfigKeys TOWER_KEYS =
      ConfigKeys.of(
          "an internvl_vision tower",
          ConfigKeys.TOWER
              + """
              attention_bias use_qk_norm norm_type use_mask_token use_absolute_position_embeddings
              use_mean_pooling
              """,
          "projection_dropout layer_scale_init_value initializer_factor");

  /// Reads a `config.json` of `model_type` internvl.
  ///
  /// @throws dev.lynceus.error.LynceusException UNSUPPORTED_MODEL or BAD_CHECKPOINT, naming the key
  public static InternVlConfig read(Config c) {
    Config eyes = c.at("vision_config");
    VitConfig vision = VitConfig.internVl(eyes);
    Tower tower = tower(eyes);
    int depth = depth(c, vision.layers());
    if (!c.text("vision_feature_select_strategy", "default").equals("default")) {
      // The class token would be shuffled among the patches.
      throw c.unsupported("vision_feature_select_strategy", "default");
    }
    int token = c.integer("image_token_id", 151667);
    if (token < 0) {
      throw c.bad("image_token_id", "the id of a token");
    }
    return new InternVlConfig(
        vision,
        // The norm follows the last state only where it is asked for from the end.
        tower.normAfter && c.integer("vision_feature_layer", -1) != -1
            ? new Tower(tower.rms, tower.attentionBias, false)
            : tower,
        Decoders.read(c.at("text_config"), c.flag("tie_word_embeddings", true), "qwen2"),
        token,
        depth,
        scale(c, vision.grid()),
        new LlavaConfig.Projector(
            OptionalDouble.of(1e-5), c.activation("projector_hidden_act", "gelu"), true));
  }

  private static Tower tower(Config c) {
    if (c.flag("use_qk_norm", false)) {
      throw c.unsupported("use_qk_norm", "false");
    }
    if (!c.flag("use_absolute_position_embeddings", true)) {
      throw c.unsupported("use_absolute_position_embeddings", "true");
    }
    String norm = c.text("norm_type", "layer_norm");
    if (!norm.equals("layer_norm") && !norm.equals("rms_norm")) {
      throw c.unsupported("norm_type", "layer_norm, rms_norm");
    }
    return new Tower(
        norm.equals("rms_norm"),
        c.flag("attention_bias", false),
        !c.flag("use_mean_pooling", true));
  }

  private static int depth(Config c, int layers) {
    String key = "vision_feature_layer";
    if (c.json().path(key).isArray()) {
      throw c.unsupported(key, "one layer");
    }
    int given = c.integer(key, -1);
    int depth = given < 0 ? layers + 1 + given : given;
    if (depth < 0 || depth > layers) {
      throw c.unsupported(
          key, "%d to %d for a tower of %d layers".formatted(-layers - 1, layers, layers));
    }
    return depth;
  }

  /// The whole number that the ratio is one part of.
  private static int scale(Config c, int grid) {
    double ratio = c.positive("downsample_ratio", 0.5);
    int scale = (int) Math.round(1 / ratio);
    if (scale < 1 || scale * ratio != 1) {
      throw c.unsupported("downsample_ratio", "1, 0.5, 0.25 and other halves of halves");
    }
    if (grid % scale != 0) {
      throw c.bad(
          "downsample_ratio = %s does not divide the %d patches of a row"
              .formatted(c.value("downsample_ratio"), grid));
    }
    return scale;
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
