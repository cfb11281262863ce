package dev.lynceus.model.onevision;

import dev.lynceus.image.OneVisionTokens;
import dev.lynceus.model.config.Config;
import dev.lynceus.model.config.ConfigKeys;
import dev.lynceus.model.llavanext.LlavaNextConfig;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// How LLaVA-OneVision joins a tower and a decoder: as LLaVA-NeXT does, with other defaults, and
/// with the patches of the tiles pooled.
///
/// @param tiled tower, decoder, placeholder, projector, and resolutions of all tiles together
/// @param mostTiles tiles are pooled to about as many visual tokens as so many tiles have
/// @param videoToken id of the placeholder of a video
public record OneVisionConfig(LlavaNextConfig tiled, int mostTiles, int videoToken) {

  /// Which keys of a llava_onevision config have an effect.
  public static final ConfigKeys KEYS =
      ConfigKeys.of(
          "a llava_onevision model",
          """
          text_config vision_config image_token_index image_token_id video_token_index
          video_token_id vision_feature_layer vision_feature_select_strategy projector_hidden_act
          multimodal_projector_bias tie_word_embeddings image_grid_pinpoints vision_aspect_ratio
          """,
          "ignore_index image_seq_length vocab_size hidden_size use_image_newline_parameter");

  private static final String DEFAULTS =
      """
      {"image_token_index": 151646, "vision_feature_layer": -1,
       "vision_feature_select_strategy": "full", "text_config": {},
       "vision_config": {"model_type": "siglip_vision_model", "hidden_size": 1152,
         "intermediate_size": 4304, "patch_size": 14, "image_size": 384, "num_hidden_layers": 26,
         "num_attention_heads": 16}}
      """;

  private static final int DEFAULT_SIDE = 384;
  private static final int DEFAULT_TILES = 6;
  private static final int DEFAULT_VIDEO_TOKEN = 151647;

  /// Reads a `config.json` of `model_type` llava_onevision.
  ///
  /// @throws dev.lynceus.error.LynceusException UNSUPPORTED_MODEL for a value that is not known
  public static OneVisionConfig read(Config c) {
    int most = OneVisionTokens.mostTiles(c.text("vision_aspect_ratio", "anyres_max_9"), c.where());
    String video = c.has("video_token_id") ? "video_token_id" : "video_token_index";
    int videoToken = c.integer(video, DEFAULT_VIDEO_TOKEN);
    if (videoToken < 0) {
      throw c.bad(video, "the id of a token");
    }
    return new OneVisionConfig(LlavaNextConfig.read(filled(c)), most, videoToken);
  }

  /// The config with the defaults of this family in the places of keys that are absent. Line breaks
  /// are always there, and rows of tiles are always joined.
  private static Config filled(Config c) {
    ObjectNode json = (ObjectNode) c.json().deepCopy();
    json.remove("mm_patch_merge_type");
    json.remove("use_image_newline_parameter");
    JsonMapper.shared()
        .readTree(DEFAULTS)
        .properties()
        .forEach(entry -> {
          // A placeholder's id under its newer name goes first.
          if (!c.has(entry.getKey())) {
            json.set(entry.getKey(), entry.getValue());
          }
        });
    if (!c.has("image_grid_pinpoints")) {
      ArrayNode pinpoints = json.putArray("image_grid_pinpoints");
      for (int rows = 1; rows <= DEFAULT_TILES; rows++) {
        for (int columns = 1; columns <= DEFAULT_TILES; columns++) {
          pinpoints.addArray().add(DEFAULT_SIDE * rows).add(DEFAULT_SIDE * columns);
        }
      }
    }
    type(json.path("text_config"), "qwen2");
    type(json.path("vision_config"), "siglip_vision_model");
    return new Config(json, c.where());
  }

  private static void type(JsonNode part, String otherwise) {
    if (part instanceof ObjectNode object && !object.has("model_type")) {
      object.put("model_type", otherwise);
    }
  }
}
