package dev.lynceus.run;

import dev.lynceus.image.RgbImage;
import dev.lynceus.model.Picture;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Stack;
import dev.lynceus.tensor.Torch;
import dev.lynceus.tensor.file.SafetensorsWriter;
import dev.lynceus.tensor.file.StoredTensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;

/// Writes checkpoints of a few kilobytes with seeded random weights, in the layout of published
/// ones.
public final class TinyModels {
  /// Kinds of decoders and what sees for them.
  public enum Family {
    LLAMA("llama", Eyes.NONE),
    MISTRAL("mistral", Eyes.NONE),
    GEMMA("gemma", Eyes.NONE),
    QWEN2("qwen2", Eyes.NONE),
    QWEN3("qwen3", Eyes.NONE),
    LLAVA_CLIP("llama", Eyes.CLIP),
    LLAVA_CLIP_LIST_FULL("mistral", Eyes.CLIP_LIST_FULL),
    LLAVA_SIGLIP("qwen2", Eyes.SIGLIP),
    LLAVA_GEMMA_SIGLIP_DEFAULT("gemma", Eyes.SIGLIP_DEFAULT),
    LLAVA_PHI3_CLIP("phi3", Eyes.CLIP),
    VIPLLAVA("llama", Eyes.VIP),
    IDEFICS3("llama", Eyes.IDEFICS3),
    ONEVISION("qwen2", Eyes.ONEVISION),
    INTERNVL("qwen2", Eyes.INTERNVL),
    PALIGEMMA("gemma", Eyes.PALIGEMMA);

    final String decoder;
    final Eyes eyes;

    Family(String decoder, Eyes eyes) {
      this.decoder = decoder;
      this.eyes = eyes;
    }

    /// Whether it has a place.
    boolean has(Point point) {
      return switch (point.site()) {
        case Q_NORM, K_NORM -> point.stack() == Stack.DECODER && decoder.equals("qwen3");
        case ROTARY_COS, ROTARY_SIN, ROT_Q, ROT_K, MLP_GATE, MLP_PRE_LINEAR ->
            point.stack() == Stack.DECODER;
        case LN_PRE -> eyes.classToken() && eyes != Eyes.INTERNVL;
        case LN_POST -> eyes == Eyes.IDEFICS3 || eyes == Eyes.PALIGEMMA;
        case LN_IN -> eyes == Eyes.VIP || eyes == Eyes.INTERNVL;
        case PRE, POST -> sees() && eyes != Eyes.IDEFICS3 && eyes != Eyes.PALIGEMMA;
        default -> sees() || point.stack() == Stack.DECODER;
      };
    }

    /// Whether it takes pictures.
    public boolean sees() {
      return eyes != Eyes.NONE;
    }
  }

  /// Towers, and what of them the projector reads.
  enum Eyes {
    NONE("", "", 0, 0),
    CLIP("-2", "default", 16, 1),
    CLIP_LIST_FULL("[-2, 1, 4]", "full", 17, 3),
    VIP("[-2, -1, 1]", "default", 16, 3),
    SIGLIP("-1", "full", 16, 1),
    SIGLIP_DEFAULT("2", "default", 15, 1),
    IDEFICS3("", "", 4, 1),
    ONEVISION("-1", "full", 16, 1),
    INTERNVL("", "", 4, 1),
    PALIGEMMA("", "", 16, 1);

    final String layers;
    final String strategy;
    final int tokens;
    final int states;

    Eyes(String layers, String strategy, int tokens, int states) {
      this.layers = layers;
      this.strategy = strategy;
      this.tokens = tokens;
      this.states = states;
    }

    /// Features of a view, which may be more than its tokens.
    int features() {
      return patchesToToken() > 1 ? 16 : tokens;
    }

    /// Views of the picture of [#picture].
    int views() {
      return this == ONEVISION ? 5 : 1;
    }

    /// Visual tokens of the picture of [#picture]: four tiles of 4 x 4 patches, of which 6 x 8 show
    /// it, are pooled to 3 x 4.
    int packed() {
      return this == ONEVISION ? 16 + 3 * (4 + 1) : tokens;
    }

    boolean classToken() {
      return this == CLIP || this == CLIP_LIST_FULL || this == VIP || this == INTERNVL;
    }

    /// Width of what the first projection reads.
    long joined() {
      return (long) VISION_WIDTH * states * patchesToToken() * patchesToToken();
    }

    /// So many patches to a side become one token.
    int patchesToToken() {
      return this == IDEFICS3 || this == INTERNVL ? 2 : 1;
    }
  }

  public static final int LAYERS = 3;
  public static final int HEADS = 4;
  public static final int VISION_LAYERS = 4;
  static final int VOCABULARY = 64;
  static final int WIDTH = 32;
  static final int INNER = 48;
  static final int VISION_WIDTH = 24;
  static final int VISION_INNER = 40;
  static final int VISION_HEADS = 3;
  static final int IMAGE_TOKEN = 4;

  /// The words that a tiny model knows; ids from 5.
  static final List<String> WORDS =
      List.of(
          ("what color is the dog cat bird red blue green brown sits on a mat in park one two three"
                  + " four five run and jump to see big small old new sun moon star tree leaf of it"
                  + " she he they we go no yes not here there up down left right")
              .split(" "));

  private final Family family;
  private final Random random;
  private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();

  private TinyModels(Family family, long seed) {
    this.family = family;
    this.random = new Random(seed);
  }

  /// Writes a checkpoint and loads it.
  public static LoadedModel load(Path parent, Family family) {
    // More threads only wait for each other where a matrix has a few hundred numbers.
    Torch.setThreads(1);
    return LoadedModel.load(write(parent.resolve(family.name()), family, 7), LoadOptions.DEFAULT);
  }

  /// Writes a checkpoint.
  public static Path write(Path folder, Family family, long seed) {
    return write(folder, family, seed, tensors -> {});
  }

  /// Writes a checkpoint whose weights are changed first.
  public static Path write(
      Path folder, Family family, long seed, Consumer<Map<String, StoredTensor>> edit) {
    TinyModels made = new TinyModels(family, seed);
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("config.json"), made.config());
      Files.writeString(folder.resolve("tokenizer.json"), tokenizer());
      Files.writeString(
          folder.resolve("tokenizer_config.json"),
          """
          {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>",
           "tokenizer_class": "PreTrainedTokenizerFast"}
          """);
      Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\": 2}");
      if (family.sees()) {
        Files.writeString(
            folder.resolve("preprocessor_config.json"),
            switch (made.family.eyes) {
              case IDEFICS3 -> SPLITTING;
              case INTERNVL -> BEST_GRID;
              case CLIP, CLIP_LIST_FULL, VIP -> CLIP;
              case ONEVISION -> ANY_RES;
              case SIGLIP, SIGLIP_DEFAULT, PALIGEMMA, NONE -> SIGLIP;
            });
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    made.weights();
    edit.accept(made.tensors);
    SafetensorsWriter writer = new SafetensorsWriter();
    made.tensors.forEach(writer::add);
    writer.write(folder.resolve("model.safetensors"));
    return folder;
  }

  // ---- prompts
  // -----------------------------------------------------------------------------------

  /// A picture of seeded noise.
  public static Picture picture(LoadedModel model, long seed) {
    byte[] samples = new byte[40 * 34 * 3];
    new Random(seed).nextBytes(samples);
    return model.picture("noise" + seed, RgbImage.of(40, 34, samples));
  }

  /// A prompt with a picture if the model takes one.
  public static Prompt prompt(LoadedModel model, Family family, String words, long seed) {
    return family.sees()
        ? model.raw("see <image> " + words, picture(model, seed))
        : model.raw(words);
  }

  // ---- files
  // -------------------------------------------------------------------------------------

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
    if (!family.sees()) {
      return text;
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
      case "qwen2" -> ", \"num_key_value_heads\": 2";
      case "qwen3" -> ", \"num_key_value_heads\": 2, \"head_dim\": 12";
      case "phi3" ->
          ", \"num_key_value_heads\": 2, \"sliding_window\": 7, \"partial_rotary_factor\": 0.75";
      default -> "";
    };
  }

  /// A word-level tokenizer whose words carry their space.
  private static String tokenizer() {
    Map<String, Integer> vocabulary = new LinkedHashMap<>();
    List<String> special = List.of("<unk>", "<s>", "</s>", "<pad>", "<image>");
    special.forEach(token -> vocabulary.put(token, vocabulary.size()));
    WORDS.forEach(word -> vocabulary.put("▁" + word, vocabulary.size()));
    StringBuilder added = new StringBuilder();
    for (String token : special) {
      added
          .append(added.isEmpty() ? "" : ",")
          .append(
              """
              {"id": %d, "content": "%s", "single_word": false, "lstrip": false, "rstrip": false,
               "normalized": false, "special": true}
              """
                  .formatted(vocabulary.get(token), token));
    }
    String space =
        "{\"type\": \"Metaspace\", \"replacement\": \"▁\", \"prepend_scheme\": \"always\", \"split\": true}";
    return """
    {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [%s], "normalizer": null,
     "pre_tokenizer": %s, "decoder": %s,
     "post_processor": {"type": "TemplateProcessing",
       "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
       "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
       "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}},
     "model": {"type": "WordLevel", "unk_token": "<unk>", "vocab": %s}}
    """
        .formatted(added, space, space, JsonMapper.shared().writeValueAsString(vocabulary));
  }

  // ---- weights
  // -----------------------------------------------------------------------------------

  private void weights() {
    boolean idefics = family.eyes == Eyes.IDEFICS3;
    String body =
        idefics ? "model.text_model." : family.sees() ? "language_model.model." : "model.";
    boolean gemma = family.decoder.equals("gemma");
    boolean qwen3 = family.decoder.equals("qwen3");
    int headWidth = gemma ? 16 : qwen3 ? 12 : WIDTH / HEADS;
    int keyHeads =
        switch (family.decoder) {
          case "gemma" -> 1;
          case "llama" -> HEADS;
          default -> 2;
        };
    normal(body + "embed_tokens.weight", gemma ? 0.2 : 1, VOCABULARY, WIDTH);
    for (int l = 0; l < LAYERS; l++) {
      String layer = body + "layers." + l + ".";
      rms(layer + "input_layernorm.weight", gemma);
      boolean bias = family.decoder.equals("qwen2");
      boolean together = family.decoder.equals("phi3");
      if (together) {
        linear(layer + "self_attn.qkv_proj", (HEADS + 2 * keyHeads) * headWidth, WIDTH, false);
      } else {
        linear(layer + "self_attn.q_proj", HEADS * headWidth, WIDTH, bias);
        linear(layer + "self_attn.k_proj", keyHeads * headWidth, WIDTH, bias);
        linear(layer + "self_attn.v_proj", keyHeads * headWidth, WIDTH, bias);
      }
      if (qwen3) {
        add(layer + "self_attn.q_norm.weight", 1, 0.3, headWidth);
        add(layer + "self_attn.k_norm.weight", 1, 0.3, headWidth);
      }
      linear(layer + "self_attn.o_proj", WIDTH, HEADS * headWidth, false);
      rms(layer + "post_attention_layernorm.weight", gemma);
      if (together) {
        linear(layer + "mlp.gate_up_proj", 2 * INNER, WIDTH, false);
      } else {
        linear(layer + "mlp.gate_proj", INNER, WIDTH, false);
        linear(layer + "mlp.up_proj", INNER, WIDTH, false);
      }
      linear(layer + "mlp.down_proj", WIDTH, INNER, false);
    }
    rms(body + "norm.weight", gemma);
    if (!gemma) {
      linear(
          (family.sees() && !idefics ? "language_model." : "") + "lm_head",
          VOCABULARY,
          WIDTH,
          false);
    }
    if (idefics) {
      tower();
      linear("model.connector.modality_projection.proj", WIDTH, 4 * VISION_WIDTH, false);
    } else if (family.eyes == Eyes.INTERNVL) {
      internTower();
      norm("multi_modal_projector.layer_norm", 4 * VISION_WIDTH);
      linear("multi_modal_projector.linear_1", WIDTH, 4 * VISION_WIDTH, true);
      linear("multi_modal_projector.linear_2", WIDTH, WIDTH, true);
    } else if (family.eyes == Eyes.PALIGEMMA) {
      tower();
      linear("multi_modal_projector.linear", WIDTH, VISION_WIDTH, true);
    } else if (family.sees()) {
      tower();
      if (family.eyes == Eyes.VIP) {
        norm("multi_modal_projector.projector_layernorm", VISION_WIDTH * family.eyes.states);
      }
      linear("multi_modal_projector.linear_1", WIDTH, VISION_WIDTH * family.eyes.states, true);
      linear("multi_modal_projector.linear_2", WIDTH, WIDTH, true);
      if (family.eyes == Eyes.ONEVISION) {
        normal("image_newline", 1, WIDTH);
      }
    }
  }

  private void tower() {
    String tower =
        family.eyes == Eyes.IDEFICS3 ? "model.vision_model." : "vision_tower.vision_model.";
    boolean clip = family.eyes.classToken();
    normal(tower + "embeddings.patch_embedding.weight", 0.1, VISION_WIDTH, 3, 7, 7);
    normal(tower + "embeddings.position_embedding.weight", 0.3, clip ? 17 : 16, VISION_WIDTH);
    if (clip) {
      normal(tower + "embeddings.class_embedding", 0.5, VISION_WIDTH);
      norm(tower + "pre_layrnorm");
    } else {
      normal(tower + "embeddings.patch_embedding.bias", 0.1, VISION_WIDTH);
    }
    for (int l = 0; l < VISION_LAYERS; l++) {
      String layer = tower + "encoder.layers." + l + ".";
      norm(layer + "layer_norm1");
      for (String part : List.of("q_proj", "k_proj", "v_proj", "out_proj")) {
        linear(layer + "self_attn." + part, VISION_WIDTH, VISION_WIDTH, true);
      }
      norm(layer + "layer_norm2");
      linear(layer + "mlp.fc1", VISION_INNER, VISION_WIDTH, true);
      linear(layer + "mlp.fc2", VISION_WIDTH, VISION_INNER, true);
    }
    norm(tower + "post_layernorm");
  }

  private void internTower() {
    String tower = "vision_tower.";
    normal(tower + "embeddings.cls_token", 0.5, 1, 1, VISION_WIDTH);
    normal(tower + "embeddings.position_embeddings", 0.3, 1, 17, VISION_WIDTH);
    normal(tower + "embeddings.patch_embeddings.projection.weight", 0.1, VISION_WIDTH, 3, 7, 7);
    normal(tower + "embeddings.patch_embeddings.projection.bias", 0.1, VISION_WIDTH);
    for (int l = 0; l < VISION_LAYERS; l++) {
      String layer = tower + "encoder.layer." + l + ".";
      norm(layer + "layernorm_before");
      for (String part : List.of("q_proj", "k_proj", "v_proj", "projection_layer")) {
        linear(layer + "attention." + part, VISION_WIDTH, VISION_WIDTH, true);
      }
      norm(layer + "layernorm_after");
      linear(layer + "mlp.fc1", VISION_INNER, VISION_WIDTH, true);
      linear(layer + "mlp.fc2", VISION_WIDTH, VISION_INNER, true);
      add(layer + "lambda_1", 0.6, 0.3, VISION_WIDTH);
      add(layer + "lambda_2", 0.6, 0.3, VISION_WIDTH);
    }
  }

  private void linear(String name, int out, int in, boolean bias) {
    normal(name + ".weight", 1.5 / Math.sqrt(in), out, in);
    if (bias) {
      normal(name + ".bias", 0.3, out);
    }
  }

  private void norm(String name) {
    norm(name, VISION_WIDTH);
  }

  private void norm(String name, int width) {
    add(name + ".weight", 1, 0.2, width);
    normal(name + ".bias", 0.1, width);
  }

  private void rms(String name, boolean gemma) {
    add(name, gemma ? 0 : 1, 0.2, WIDTH);
  }

  private void normal(String name, double deviation, long... shape) {
    add(name, 0, deviation, shape);
  }

  private void add(String name, double mean, double deviation, long... shape) {
    int count = 1;
    for (long size : shape) {
      count *= (int) size;
    }
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (mean + deviation * random.nextGaussian());
    }
    tensors.put(name, StoredTensor.of(values, shape));
  }
}
