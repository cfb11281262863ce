package dev.lynceus.bench;

import dev.lynceus.image.Extent;
import dev.lynceus.tensor.DType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/// Sizes of the LLaVA models that are measured, and their `config.json`.
enum LlavaShape implements Shape {
  /// The small trained model that comes with the first commands.
  PUPIL(new Tower(160, 640, 5, 5, 112), new Decoder(128, 345, 4, 8, 583, 512, "1e-06"), 581, 90),
  /// About 300 million parameters with a full CLIP tower; a prompt of 600 positions.
  MEDIUM(
      new Tower(768, 3072, 12, 12, 336),
      new Decoder(1024, 2816, 12, 16, 32064, 4096, "1e-05"),
      32000,
      600),
  /// LLaVA-1.5-7B: CLIP ViT-L/14-336 and Vicuna-7B.
  LLAVA_1_5_7B(
      new Tower(1024, 4096, 24, 16, 336),
      new Decoder(4096, 11008, 32, 32, 32064, 4096, "1e-05"),
      32000,
      600);

  /// Side of a patch in pixels; the same for all shapes.
  static final int PATCH = 14;

  private final Tower tower;
  private final Decoder decoder;
  private final int imageToken;
  private final int positions;

  LlavaShape(Tower tower, Decoder decoder, int imageToken, int positions) {
    this.tower = tower;
    this.decoder = decoder;
    this.imageToken = imageToken;
    this.positions = positions;
  }

  /// Sizes of the vision tower.
  record Tower(int width, int inner, int layers, int heads, int imageSize) {
    int grid() {
      return imageSize / PATCH;
    }
  }

  /// Sizes of the decoder.
  record Decoder(
      int width, int inner, int layers, int heads, int vocabulary, int maxPositions, String eps) {}

  Tower tower() {
    return tower;
  }

  Decoder decoder() {
    return decoder;
  }

  int imageToken() {
    return imageToken;
  }

  @Override
  public int positions() {
    return positions;
  }

  @Override
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace("_1_5_", "-1.5-").replace('_', '-');
  }

  /// Seven billion numbers are kept in 16 bits.
  @Override
  public DType usual() {
    return this == LLAVA_1_5_7B ? DType.BFLOAT16 : DType.FLOAT32;
  }

  @Override
  public Map<String, long[]> tensors() {
    return new LlavaTensors(this).all();
  }

  @Override
  public void files(Path folder) throws IOException {
    Stationery.write(folder, this);
  }

  @Override
  public Extent picture() {
    return new Extent(tower.imageSize(), tower.imageSize());
  }

  @Override
  public String config(DType dtype) {
    return """
    {
      "architectures": ["LlavaForConditionalGeneration"],
      "model_type": "llava",
      "dtype": "%1$s",
      "torch_dtype": "%1$s",
      "ignore_index": -100,
      "image_token_index": %2$d,
      "image_seq_length": %3$d,
      "projector_hidden_act": "gelu",
      "multimodal_projector_bias": true,
      "tie_word_embeddings": false,
      "vision_feature_layer": -2,
      "vision_feature_select_strategy": "default",
      "text_config": {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "hidden_act": "silu",
        "hidden_size": %4$d,
        "intermediate_size": %5$d,
        "num_hidden_layers": %6$d,
        "num_attention_heads": %7$d,
        "num_key_value_heads": %7$d,
        "max_position_embeddings": %8$d,
        "rms_norm_eps": %9$s,
        "vocab_size": %10$d,
        "bos_token_id": 1,
        "eos_token_id": 2,
        "dtype": "%1$s",
        "torch_dtype": "%1$s"
      },
      "vision_config": {
        "model_type": "clip_vision_model",
        "hidden_act": "quick_gelu",
        "hidden_size": %11$d,
        "intermediate_size": %12$d,
        "num_hidden_layers": %13$d,
        "num_attention_heads": %14$d,
        "image_size": %15$d,
        "patch_size": %16$d,
        "projection_dim": %11$d
      }
    }
    """
        .formatted(
            dtype.name().toLowerCase(Locale.ROOT),
            imageToken,
            tower.grid() * tower.grid(),
            decoder.width,
            decoder.inner,
            decoder.layers,
            decoder.heads,
            decoder.maxPositions,
            decoder.eps,
            decoder.vocabulary,
            tower.width,
            tower.inner,
            tower.layers,
            tower.heads,
            tower.imageSize,
            PATCH);
  }
}
