package dev.lynceus.lab.train;

import dev.lynceus.model.config.Config;
import dev.lynceus.model.llava.LlavaConfig;
import dev.lynceus.model.text.TextConfig;
import tools.jackson.databind.json.JsonMapper;

/// Sizes of the model that is trained, and its config files.
///
/// @param width of the decoder
/// @param inner neurons of a decoder layer
/// @param towerWidth of the tower
/// @param vocabulary tokens
public record PupilShape(
    int width,
    int inner,
    int layers,
    int heads,
    int towerWidth,
    int towerLayers,
    int towerHeads,
    int vocabulary) {
  static final int IMAGE_SIZE = 112;
  static final int PATCH = 14;
  static final int GRID = IMAGE_SIZE / PATCH;
  static final int PATCHES = GRID * GRID;

  /// The bundled model.
  public static PupilShape bundled() {
    return new PupilShape(128, 344, 4, 8, 192, 5, 6, TokenizerFiles.WORLD.size());
  }

  /// A model of the same parts that trains in seconds, for tests.
  public static PupilShape tiny() {
    return new PupilShape(32, 48, 2, 2, 32, 3, 2, TokenizerFiles.WORLD.size());
  }

  /// The same with as many tokens.
  PupilShape withVocabulary(int tokens) {
    return new PupilShape(width, inner, layers, heads, towerWidth, towerLayers, towerHeads, tokens);
  }

  /// Id of the image placeholder.
  int imageToken() {
    return vocabulary - 2;
  }

  /// Depth of the tower's hidden state that the projector reads: the output of the last layer but
  /// one.
  int featureDepth() {
    return towerLayers - 1;
  }

  LlavaConfig llava() {
    return LlavaConfig.read(new Config(JsonMapper.shared().readTree(llavaJson()), "config.json"));
  }

  TextConfig decoder() {
    return llava().text();
  }

  /// `config.json` of the whole model.
  String llavaJson() {
    return """
    {
      "architectures": ["LlavaForConditionalGeneration"],
      "model_type": "llava",
      "dtype": "float16",
      "image_seq_length": %d,
      "image_token_index": %d,
      "projector_hidden_act": "gelu",
      "multimodal_projector_bias": true,
      "tie_word_embeddings": false,
      "vision_feature_layer": -2,
      "vision_feature_select_strategy": "default",
      "text_config": %s,
      "vision_config": {
        "model_type": "clip_vision_model",
        "hidden_act": "quick_gelu",
        "hidden_size": %d,
        "intermediate_size": %d,
        "num_hidden_layers": %d,
        "num_attention_heads": %d,
        "num_channels": 3,
        "image_size": %d,
        "patch_size": %d,
        "layer_norm_eps": 1e-05,
        "projection_dim": %d
      }
    }
    """
        .formatted(
            PATCHES,
            imageToken(),
            llamaJson().strip().replace("\n", "\n  "),
            towerWidth,
            4 * towerWidth,
            towerLayers,
            towerHeads,
            IMAGE_SIZE,
            PATCH,
            towerWidth);
  }

  /// `config.json` of the decoder alone.
  String llamaJson() {
    return """
    {
      "architectures": ["LlamaForCausalLM"],
      "model_type": "llama",
      "attention_bias": false,
      "bos_token_id": 1,
      "eos_token_id": 2,
      "pad_token_id": %d,
      "dtype": "float16",
      "head_dim": %d,
      "hidden_act": "silu",
      "hidden_size": %d,
      "intermediate_size": %d,
      "max_position_embeddings": 512,
      "mlp_bias": false,
      "num_attention_heads": %d,
      "num_hidden_layers": %d,
      "num_key_value_heads": %d,
      "rms_norm_eps": 1e-06,
      "rope_theta": 10000.0,
      "tie_word_embeddings": false,
      "vocab_size": %d
    }
    """
        .formatted(vocabulary - 1, width / heads, width, inner, heads, layers, heads, vocabulary);
  }
}
