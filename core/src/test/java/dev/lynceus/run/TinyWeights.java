package dev.lynceus.run;

import static dev.lynceus.run.TinyModels.HEADS;
import static dev.lynceus.run.TinyModels.INNER;
import static dev.lynceus.run.TinyModels.LAYERS;
import static dev.lynceus.run.TinyModels.QUERY_INNER;
import static dev.lynceus.run.TinyModels.QUERY_LAYERS;
import static dev.lynceus.run.TinyModels.QUERY_WIDTH;
import static dev.lynceus.run.TinyModels.VISION_INNER;
import static dev.lynceus.run.TinyModels.VISION_LAYERS;
import static dev.lynceus.run.TinyModels.VISION_WIDTH;
import static dev.lynceus.run.TinyModels.VOCABULARY;
import static dev.lynceus.run.TinyModels.WIDTH;

import dev.lynceus.run.TinyModels.Eyes;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tensor.file.StoredTensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// The seeded random weights of a tiny checkpoint, by the names of published ones.
final class TinyWeights {
  private final Family family;
  private final Random random;
  private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();

  private TinyWeights(Family family, long seed) {
    this.family = family;
    this.random = new Random(seed);
  }

  /// The weights of a family.
  static Map<String, StoredTensor> of(Family family, long seed) {
    TinyWeights made = new TinyWeights(family, seed);
    made.weights();
    return made.tensors;
  }

  private void optWeights() {
    boolean whole = family != Family.OPT_NARROW;
    String body = (family.sees() ? "language_model." : "") + "model.decoder.";
    normal(body + "embed_tokens.weight", 1, VOCABULARY, whole ? WIDTH : 20);
    normal(body + "embed_positions.weight", 0.7, 130, WIDTH);
    for (int l = 0; l < LAYERS; l++) {
      String layer = body + "layers." + l + ".";
      for (String part : List.of("q_proj", "k_proj", "v_proj", "out_proj")) {
        linear(layer + "self_attn." + part, WIDTH, WIDTH, whole);
      }
      linear(layer + "fc1", INNER, WIDTH, whole);
      linear(layer + "fc2", WIDTH, INNER, whole);
      if (whole) {
        norm(layer + "self_attn_layer_norm", WIDTH);
        norm(layer + "final_layer_norm", WIDTH);
      }
    }
    if (whole) {
      norm(body + "final_layer_norm", WIDTH);
    } else {
      linear(body + "project_in", WIDTH, 20, false);
      linear(body + "project_out", 20, WIDTH, false);
      linear("lm_head", VOCABULARY, 20, false);
    }
  }

  private void weights() {
    if (family.decoder.equals("opt")) {
      optWeights();
      if (family.sees()) {
        queries();
      }
      return;
    }
    boolean idefics = family.eyes == Eyes.IDEFICS3;
    String body =
        idefics ? "model.text_model." : family.sees() ? "language_model.model." : "model.";
    boolean gemma = family.decoder.startsWith("gemma");
    boolean sandwich = family.sandwich();
    boolean normed = family.decoder.equals("qwen3") || sandwich;
    int headWidth = normed ? 12 : gemma ? 16 : WIDTH / HEADS;
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
      if (normed) {
        add(layer + "self_attn.q_norm.weight", sandwich ? 0 : 1, 0.3, headWidth);
        add(layer + "self_attn.k_norm.weight", sandwich ? 0 : 1, 0.3, headWidth);
      }
      if (sandwich) {
        rms(layer + "pre_feedforward_layernorm.weight", true);
        rms(layer + "post_feedforward_layernorm.weight", true);
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
    } else if (family.eyes == Eyes.GEMMA3) {
      tower();
      add("multi_modal_projector.mm_soft_emb_norm.weight", 0, 0.2, VISION_WIDTH);
      normal("multi_modal_projector.mm_input_projection_weight", 0.3, VISION_WIDTH, WIDTH);
    } else if (family.eyes.queries()) {
      queries();
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

  private void queries() {
    blipTower();
    boolean words = family.eyes == Eyes.INSTRUCTED;
    normal("query_tokens", 1, 1, family.eyes.tokens, QUERY_WIDTH);
    norm("qformer." + (words ? "embeddings." : "") + "layernorm", QUERY_WIDTH);
    if (words) {
      normal("qformer.embeddings.word_embeddings.weight", 1, VOCABULARY, QUERY_WIDTH);
      normal("qformer.embeddings.position_embeddings.weight", 0.5, 40, QUERY_WIDTH);
    }
    for (int l = 0; l < QUERY_LAYERS; l++) {
      String layer = "qformer.encoder.layer." + l + ".";
      attention(layer + "attention.", QUERY_WIDTH);
      attention(layer + "crossattention.", VISION_WIDTH);
      for (String part : words ? List.of("_query", "") : List.of("_query")) {
        linear(layer + "intermediate" + part + ".dense", QUERY_INNER, QUERY_WIDTH, true);
        linear(layer + "output" + part + ".dense", QUERY_WIDTH, QUERY_INNER, true);
        norm(layer + "output" + part + ".LayerNorm", QUERY_WIDTH);
      }
    }
    linear("language_projection", WIDTH, QUERY_WIDTH, true);
  }

  private void attention(String name, int source) {
    linear(name + "attention.query", QUERY_WIDTH, QUERY_WIDTH, true);
    linear(name + "attention.key", QUERY_WIDTH, source, true);
    linear(name + "attention.value", QUERY_WIDTH, source, true);
    linear(name + "output.dense", QUERY_WIDTH, QUERY_WIDTH, true);
    norm(name + "output.LayerNorm", QUERY_WIDTH);
  }

  private void blipTower() {
    String tower = "vision_model.";
    normal(tower + "embeddings.class_embedding", 0.5, 1, 1, VISION_WIDTH);
    normal(tower + "embeddings.position_embedding", 0.3, 1, 17, VISION_WIDTH);
    normal(tower + "embeddings.patch_embedding.weight", 0.1, VISION_WIDTH, 3, 7, 7);
    normal(tower + "embeddings.patch_embedding.bias", 0.1, VISION_WIDTH);
    for (int l = 0; l < VISION_LAYERS; l++) {
      String layer = tower + "encoder.layers." + l + ".";
      norm(layer + "layer_norm1");
      linear(layer + "self_attn.qkv", 3 * VISION_WIDTH, VISION_WIDTH, true);
      linear(layer + "self_attn.projection", VISION_WIDTH, VISION_WIDTH, true);
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
