package dev.lynceus.run;

import static dev.lynceus.run.TinyModels.HEADS;
import static dev.lynceus.run.TinyModels.IMAGE_TOKEN;
import static dev.lynceus.run.TinyModels.INNER;
import static dev.lynceus.run.TinyModels.LAYERS;
import static dev.lynceus.run.TinyModels.QUERY_HEADS;
import static dev.lynceus.run.TinyModels.QUERY_INNER;
import static dev.lynceus.run.TinyModels.QUERY_LAYERS;
import static dev.lynceus.run.TinyModels.QUERY_WIDTH;
import static dev.lynceus.run.TinyModels.VISION_HEADS;
import static dev.lynceus.run.TinyModels.VISION_INNER;
import static dev.lynceus.run.TinyModels.VISION_LAYERS;
import static dev.lynceus.run.TinyModels.VISION_WIDTH;
import static dev.lynceus.run.TinyModels.VOCABULARY;
import static dev.lynceus.run.TinyModels.WIDTH;

import dev.lynceus.run.TinyModels.Eyes;
import dev.lynceus.run.TinyModels.Family;

/// The `config.json` and `preprocessor_config.json` of a tiny checkpoint.
final class TinyConfigs {
  private final Family family;

  private TinyConfigs(Family family) {
    this.family = family;
  }

  /// The text of `config.json`.
  static String config(Family family) {
    return new TinyConfigs(family).config();
  }

  /// The text of `preprocessor_config.json`.
  static String preprocessor(Family family) {
    return switch (family.eyes) {
      case IDEFICS3 -> SPLITTING;
      case INTERNVL -> BEST_GRID;
      case CLIP, CLIP_LIST_FULL, VIP -> CLIP;
      case ONEVISION -> ANY_RES;
      case SIGLIP, SIGLIP_DEFAULT, PALIGEMMA, GEMMA3, NONE -> SIGLIP;
      case QUERIES, INSTRUCTED -> SIGLIP.replace("Siglip", "Blip");
    };
  }

  private static final String CLIP =
      """
      {"image_processor_type": "CLIPImageProcessor", "do_resize": true, "size": {"shortest_edge": 28},
       "do_center_crop": true, "crop_size": {"height": 28, "width": 28}, "do_rescale": true,
       "rescale_factor": 0.00392156862745098, "do_normalize": true, "resample": 3, "do_convert_rgb": true,
       "image_mean": [0.5, 0.45, 0.4], "image_std": [0.27, 0.26, 0.28]}
      """;

  private static final String SIGLIP =
      """
      {"image_processor_type": "SiglipImageProcessor", "do_resize": true, "size": {"height": 28, "width": 28},
       "do_rescale": true, "rescale_factor": 0.00392156862745098, "do_normalize": true, "resample": 3,
       "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}
      """;

  private static final String ANY_RES =
      """
      {"image_processor_type": "LlavaOnevisionImageProcessor", "do_resize": true,
       "size": {"height": 28, "width": 28}, "image_grid_pinpoints": [[56, 56]], "do_pad": true,
       "do_rescale": true, "rescale_factor": 0.00392156862745098, "do_normalize": true, "resample": 3,
       "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}
      """;

  private static final String SPLITTING =
      """
      {"image_processor_type": "Idefics3ImageProcessor", "do_resize": true, "size": {"longest_edge": 56},
       "do_image_splitting": false, "max_image_size": {"longest_edge": 28}, "do_rescale": true,
       "rescale_factor": 0.00392156862745098, "do_normalize": true, "resample": 1,
       "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}
      """;

  private static final String BEST_GRID =
      """
      {"image_processor_type": "GotOcr2ImageProcessor", "do_resize": true, "size": {"height": 28, "width": 28},
       "max_patches": 1, "do_rescale": true, "rescale_factor": 0.00392156862745098,
       "do_normalize": true, "resample": 3, "image_mean": [0.5, 0.45, 0.4], "image_std": [0.27, 0.26, 0.28]}
      """;

  private String config() {
    String text =
        """
        {"model_type": "%s", "vocab_size": %d, "hidden_size": %d, "intermediate_size": %d,
         "num_hidden_layers": %d, "num_attention_heads": %d, "max_position_embeddings": 128%s}
        """
            .formatted(family.decoder, VOCABULARY, WIDTH, INNER, LAYERS, HEADS, particulars());
    if (family.decoder.equals("opt")) {
      text =
          """
          {"model_type": "opt", "vocab_size": %d, "hidden_size": %d, "ffn_dim": %d, "num_hidden_layers": %d,
           "num_attention_heads": %d, "max_position_embeddings": 128%s}
          """
              .formatted(
                  VOCABULARY,
                  WIDTH,
                  INNER,
                  LAYERS,
                  HEADS,
                  family != Family.OPT_NARROW
                      ? ""
                      : ", \"word_embed_proj_dim\": 20, \"enable_bias\": false, \"activation_function\": \"gelu\","
                          + " \"layer_norm_elementwise_affine\": false, \"tie_word_embeddings\": false");
    }
    if (!family.sees()) {
      return text;
    }
    if (family.eyes.queries()) {
      return """
      {"model_type": "%s", "image_token_index": %d, "num_query_tokens": %d, "text_config": %s,
       "tie_word_embeddings": %s,
       "qformer_config": {"hidden_size": %d, "intermediate_size": %d, "num_hidden_layers": %d,
       "num_attention_heads": %d, "vocab_size": %d, "max_position_embeddings": 40,
       "cross_attention_frequency": 1},
       "vision_config": {"hidden_size": %d, "intermediate_size": %d, "num_hidden_layers": %d,
       "num_attention_heads": %d, "image_size": 28, "patch_size": 7}}
      """
          .formatted(
              family.eyes == Eyes.QUERIES ? "blip-2" : "instructblip",
              IMAGE_TOKEN,
              family.eyes.tokens,
              text,
              family.eyes == Eyes.QUERIES,
              QUERY_WIDTH,
              QUERY_INNER,
              QUERY_LAYERS,
              QUERY_HEADS,
              VOCABULARY,
              VISION_WIDTH,
              VISION_INNER,
              VISION_LAYERS,
              VISION_HEADS);
    }
    if (family.eyes == Eyes.INTERNVL) {
      return """
      {"model_type": "internvl", "image_token_id": %d, "downsample_ratio": 0.5,
       "tie_word_embeddings": false, "text_config": %s,
       "vision_config": {"model_type": "internvl_vision", "attention_bias": true, "hidden_size": %d,
       "intermediate_size": %d, "num_hidden_layers": %d, "num_attention_heads": %d,
       "image_size": [28, 28], "patch_size": [7, 7]}}
      """
          .formatted(IMAGE_TOKEN, text, VISION_WIDTH, VISION_INNER, VISION_LAYERS, VISION_HEADS);
    }
    if (family.eyes == Eyes.IDEFICS3) {
      return """
      {"model_type": "idefics3", "image_token_id": %d, "scale_factor": 2, "text_config": %s,
       "vision_config": {"hidden_size": %d, "intermediate_size": %d, "num_hidden_layers": %d,
       "num_attention_heads": %d, "image_size": 28, "patch_size": 7}}
      """
          .formatted(IMAGE_TOKEN, text, VISION_WIDTH, VISION_INNER, VISION_LAYERS, VISION_HEADS);
    }
    if (family.eyes == Eyes.VIP) {
      return """
      {"model_type": "vipllava", "image_token_index": %d, "vision_feature_layers": %s, "text_config": %s,
       "vision_config": {"hidden_size": %d, "intermediate_size": %d, "num_hidden_layers": %d,
       "num_attention_heads": %d, "image_size": 28, "patch_size": 7}}
      """
          .formatted(
              IMAGE_TOKEN,
              family.eyes.layers,
              text,
              VISION_WIDTH,
              VISION_INNER,
              VISION_LAYERS,
              VISION_HEADS);
    }
    if (family.eyes == Eyes.PALIGEMMA) {
      return """
      {"model_type": "paligemma", "image_token_index": %d, "text_config": %s,
       "vision_config": {"model_type": "siglip_vision_model", "hidden_size": %d, "intermediate_size": %d,
       "num_hidden_layers": %d, "num_attention_heads": %d, "image_size": 28, "patch_size": 7}}
      """
          .formatted(IMAGE_TOKEN, text, VISION_WIDTH, VISION_INNER, VISION_LAYERS, VISION_HEADS);
    }
    if (family.eyes == Eyes.GEMMA3) {
      // The token of the tests stands for the picture in a text; its slots have another.
      return """
      {"model_type": "gemma3", "boi_token_index": %d, "image_token_index": 3, "eoi_token_index": 2,
       "mm_tokens_per_image": 4, "text_config": %s,
       "vision_config": {"model_type": "siglip_vision_model", "hidden_size": %d, "intermediate_size": %d,
       "num_hidden_layers": %d, "num_attention_heads": %d, "image_size": 28, "patch_size": 7}}
      """
          .formatted(IMAGE_TOKEN, text, VISION_WIDTH, VISION_INNER, VISION_LAYERS, VISION_HEADS);
    }
    return """
    {"model_type": "%s", "image_token_index": %d, "vision_feature_layer": %s,
     "vision_feature_select_strategy": "%s", "projector_hidden_act": "gelu", "text_config": %s,
     "vision_config": {"model_type": "%s", "hidden_size": %d, "intermediate_size": %d,
     "num_hidden_layers": %d, "num_attention_heads": %d, "image_size": 28, "patch_size": 7}}
    """
        .formatted(
            family.eyes == Eyes.ONEVISION
                ? "llava_onevision\", \"image_grid_pinpoints\": [[56, 56]], \"vision_aspect_ratio\": \"anyres_max_1"
                : "llava",
            IMAGE_TOKEN,
            family.eyes.layers,
            family.eyes.strategy,
            text,
            family.eyes.classToken() ? "clip_vision_model" : "siglip_vision_model",
            VISION_WIDTH,
            VISION_INNER,
            VISION_LAYERS,
            VISION_HEADS);
  }

  private String particulars() {
    return switch (family.decoder) {
      case "mistral" -> ", \"num_key_value_heads\": 2, \"sliding_window\": 4";
      case "gemma" -> ", \"num_key_value_heads\": 1, \"head_dim\": 16";
      case "gemma3_text" ->
          ", \"num_key_value_heads\": 2, \"head_dim\": 12, \"query_pre_attn_scalar\": 20, \"sliding_window\": 7,"
              + " \"sliding_window_pattern\": 2, \"rope_scaling\": {\"rope_type\": \"linear\", \"factor\": 2.0}";
      case "qwen2" -> ", \"num_key_value_heads\": 2";
      case "qwen3" -> ", \"num_key_value_heads\": 2, \"head_dim\": 12";
      case "phi3" ->
          ", \"num_key_value_heads\": 2, \"sliding_window\": 7, \"partial_rotary_factor\": 0.75";
      default -> "";
    };
  }
}
