package dev.lynceus.model.llava;

import dev.lynceus.model.Config;
import dev.lynceus.model.llama.LlamaConfig;
import dev.lynceus.model.vit.VitConfig;
import dev.lynceus.nn.Activation;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/// How LLaVA joins a tower and a decoder.
///
/// @param imageToken id of the placeholder that visual tokens replace
/// @param featureLayers depths of the tower whose hidden states are joined: 0 = input of the first
///   layer, i = output of layer i - 1
/// @param keepAll whether all positions are kept (`full`) or the first is dropped (`default`)
/// @param activation function between the two projections
/// @param projectorBias whether the projections have biases
public record LlavaConfig(
    VitConfig vision,
    LlamaConfig text,
    int imageToken,
    int[] featureLayers,
    boolean keepAll,
    Activation activation,
    boolean projectorBias) {

  /// Reads a `config.json` of `model_type` llava.
  ///
  /// @throws dev.lynceus.error.LynceusException UNSUPPORTED_MODEL for a value that is not known
  public static LlavaConfig read(Config c) {
    VitConfig vision =
        c.has("vision_config")
            ? VitConfig.read(c.at("vision_config"))
            : VitConfig.read(clipLarge());
    String strategy = c.text("vision_feature_select_strategy", "default");
    if (!strategy.equals("default") && !strategy.equals("full")) {
      throw c.unsupported("vision_feature_select_strategy", "default, full");
    }
    return new LlavaConfig(
        vision,
        LlamaConfig.read(c.at("text_config")),
        c.integer("image_token_id", c.integer("image_token_index", 32000)),
        layers(c, vision.layers()),
        strategy.equals("full"),
        Activation.parse(c.text("projector_hidden_act", "gelu")),
        c.flag("multimodal_projector_bias", true));
  }

  private static int[] layers(Config c, int depth) {
    JsonNode value = c.json().path("vision_feature_layer");
    int[] given =
        value.isArray()
            ? IntStream.range(0, value.size()).map(i -> value.get(i).asInt()).toArray()
            : new int[] {c.integer("vision_feature_layer", -2)};
    int[] depths = IntStream.of(given).map(i -> i < 0 ? depth + 1 + i : i).toArray();
    if (depths.length == 0 || IntStream.of(depths).anyMatch(i -> i < 0 || i > depth)) {
      throw c.unsupported(
          "vision_feature_layer",
          "%d to %d for a tower of %d layers".formatted(-depth - 1, depth, depth));
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
