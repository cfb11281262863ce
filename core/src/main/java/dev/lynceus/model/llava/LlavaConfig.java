package dev.lynceus.model.llava;

import dev.lynceus.model.config.Config;
import dev.lynceus.model.config.ConfigKeys;
import dev.lynceus.model.decoder.Decoders;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.model.vit.VitConfig;
import dev.lynceus.nn.Activation;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/// How LLaVA joins a tower and a decoder.
///
/// @param imageToken id of the placeholder that visual tokens replace
/// @param featureLayers depths of the tower whose hidden states are joined: 0 = input of the first
///   layer, i = output of layer i - 1
/// @param keepAll whether all positions are kept (`full`) or the first is dropped (`default`)
public record LlavaConfig(
    VitConfig vision,
    TextConfig text,
    int imageToken,
    int[] featureLayers,
    boolean keepAll,
    Projector projector) {

  /// What makes visual tokens of the tower's features: a norm, where there is one, and two
  /// projections.
  ///
  /// @param normEps epsilon of the norm before the first projection; empty without one
  /// @param activation function between the two projections
  /// @param bias whether the projections have biases
  public record Projector(OptionalDouble normEps, Activation activation, boolean bias) {}

  /// Which keys of a llava config have an effect.
  public static final ConfigKeys KEYS =
      ConfigKeys.of(
          "a llava model",
          """
          text_config vision_config image_token_index image_token_id vision_feature_layer
          vision_feature_select_strategy projector_hidden_act multimodal_projector_bias
          tie_word_embeddings
          """,
          "ignore_index image_seq_length vocab_size hidden_size image_grid_pinpoints");

  /// Reads a `config.json` of `model_type` llava.
  ///
  /// @throws dev.lynceus.error.LynceusException UNSUPPORTED_MODEL for a value that is not known
  public static LlavaConfig read(Config c) {
    VitConfig vision = tower(c);
    String strategy = c.text("vision_feature_select_strategy", "default");
    if (!strategy.equals("default") && !strategy.equals("full")) {
      throw c.unsupported("vision_feature_select_strategy", "default, full");
    }
    return new LlavaConfig(
        vision,
        Decoders.read(c.at("text_config"), c.flag("tie_word_embeddings", false)),
        imageToken(c),
        depths(c, "vision_feature_layer", new int[] {-2}, vision.layers()),
        strategy.equals("full"),
        new Projector(
            OptionalDouble.empty(),
            c.activation("projector_hidden_act", "gelu"),
            c.flag("multimodal_projector_bias", true)));
  }

  /// The tower; the large one of CLIP where the config names none.
  static VitConfig tower(Config c) {
    return VitConfig.read(c.has("vision_config") ? c.at("vision_config") : clipLarge());
  }

  /// The placeholder's id; the newer key goes first.
  static int imageToken(Config c) {
    String key = c.has("image_token_id") ? "image_token_id" : "image_token_index";
    int id = c.integer(key, 32000);
    if (id < 0) {
      throw c.bad(key, "the id of a token");
    }
    return id;
  }

  /// Depths of a tower that a key names, counted from the last where they are below zero.
  ///
  /// @param usual what holds where the key is absent
  /// @param depth layers of the tower
  static int[] depths(Config c, String key, int[] usual, int depth) {
    JsonNode value = c.json().path(key);
    int[] given = usual;
    if (value.isArray()) {
      if (value.isEmpty() || !value.valueStream().allMatch(JsonNode::isIntegralNumber)) {
        throw c.bad(key, "a whole number or a list of them");
      }
      given = value.valueStream().mapToInt(layer -> (int) layer.asDouble()).toArray();
    } else if (c.has(key)) {
      given = new int[] {c.integer(key, 0)};
    }
    int[] depths = IntStream.of(given).map(i -> i < 0 ? depth + 1 + i : i).toArray();
    if (IntStream.of(depths).anyMatch(i -> i < 0 || i > depth)) {
      throw c.unsupported(
          key, "%d to %d for a tower of %d layers".formatted(-depth - 1, depth, depth));
    }
    return depths;
  }

  /// The tower that a LLaVA config means when it names none.
  private static Config clipLarge() {
    return new Config(
        tools.jackson.databind.json.JsonMapper.shared()
            .readTree(
                """
                {"hidden_size": 1024, "intermediate_size": 4096, "num_hidden_layers": 24,
                 "num_attention_heads": 16, "image_size": 336, "patch_size": 14}
                """),
        "config.json: vision_config");
  }

  /// Width of the features that the projector reads: that of the tower for each joined hidden
  /// state.
  public int featureWidth() {
    return vision.width() * featureLayers.length;
  }

  /// Visual tokens that one view becomes.
  public int imageTokens() {
    return vision.positions() - (keepAll ? 0 : 1);
  }
}
