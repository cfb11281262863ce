package dev.lynceus.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Names and shapes of the tensors of `LlavaForConditionalGeneration`.
final class LlavaTensors {
  private final LlavaShape shape;
  private final Map<String, long[]> tensors = new LinkedHashMap<>();

  LlavaTensors(LlavaShape shape) {
    this.shape = shape;
    names();
  }

  Map<String, long[]> all() {
    return tensors;
  }

  private void names() {
    LlavaShape.Tower t = shape.tower();
    String tower = "vision_tower.vision_model.";
    add(tower + "embeddings.class_embedding", t.width());
    add(
        tower + "embeddings.patch_embedding.weight",
        t.width(),
        3,
        LlavaShape.PATCH,
        LlavaShape.PATCH);
    add(tower + "embeddings.position_embedding.weight", (long) t.grid() * t.grid() + 1, t.width());
    norm(tower + "pre_layrnorm", t.width());
    for (int l = 0; l < t.layers(); l++) {
      String layer = tower + "encoder.layers." + l + ".";
      norm(layer + "layer_norm1", t.width());
      for (String part : List.of("q_proj", "k_proj", "v_proj", "out_proj")) {
        affine(layer + "self_attn." + part, t.width(), t.width());
      }
      norm(layer + "layer_norm2", t.width());
      affine(layer + "mlp.fc1", t.inner(), t.width());
      affine(layer + "mlp.fc2", t.width(), t.inner());
    }
    norm(tower + "post_layernorm", t.width());
    LlavaShape.Decoder d = shape.decoder();
    affine("multi_modal_projector.linear_1", d.width(), t.width());
    affine("multi_modal_projector.linear_2", d.width(), d.width());
    add("language_model.model.embed_tokens.weight", d.vocabulary(), d.width());
    for (int l = 0; l < d.layers(); l++) {
      String layer = "language_model.model.layers." + l + ".";
      add(layer + "input_layernorm.weight", d.width());
      for (String part : List.of("q_proj", "k_proj", "v_proj", "o_proj")) {
        add(layer + "self_attn." + part + ".weight", d.width(), d.width());
      }
      add(layer + "post_attention_layernorm.weight", d.width());
      add(layer + "mlp.gate_proj.weight", d.inner(), d.width());
      add(layer + "mlp.up_proj.weight", d.inner(), d.width());
      add(layer + "mlp.down_proj.weight", d.width(), d.inner());
    }
    add("language_model.model.norm.weight", d.width());
    add("language_model.lm_head.weight", d.vocabulary(), d.width());
  }

  private void norm(String name, long width) {
    add(name + ".weight", width);
    add(name + ".bias", width);
  }

  private void affine(String name, long out, long in) {
    add(name + ".weight", out, in);
    add(name + ".bias", out);
  }

  private void add(String name, long... sizes) {
    tensors.put(name, sizes);
  }
}
