package dev.lynceus.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.tensor.Tensor;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// A wrong reading of a checkpoint must fail, and at the stage where it is wrong. Each of these is
/// a mistake that is easily made; the copies of the checkpoints are made so that a right
/// implementation computes what the mistake would compute.
class NegativeControlTest {
  private static final int HEAD = 16;

  @TempDir Path folder;

  @Test
  void rotatingNeighboursInsteadOfHalves() {
    int[] neighbours =
        IntStream.range(0, 4 * HEAD)
            .map(row -> row / HEAD * HEAD + (row % HEAD) * 2 % HEAD + row % HEAD / (HEAD / 2))
            .toArray();
    Goldens.Copy copy =
        Goldens.copy("llava-llama")
            .tensors("language_model.model.layers.0.self_attn.q_proj.weight", rows(neighbours))
            .tensors("language_model.model.layers.0.self_attn.k_proj.weight", rows(neighbours));

    failsFirstAt(copy, "llava-llama", "lm.inputs_embeds", "lm.attentions.0");
  }

  @Test
  void queriesOfTwoHeadsSwapped() {
    Goldens.Copy copy =
        Goldens.copy("llava-llama")
            .tensors(
                "language_model.model.layers.1.self_attn.q_proj.weight", rows(heads(1, 0, 2, 3)));

    failsFirstAt(copy, "llava-llama", "lm.attentions.0", "lm.attentions.1");
  }

  @Test
  void sharedKeyHeadsTiledInsteadOfRepeated() {
    Goldens.Copy copy =
        Goldens.copy("llava-mistral-gqa")
            .tensors(
                "language_model.model.layers.0.self_attn.q_proj.weight", rows(heads(0, 2, 1, 3)))
            .tensors(
                "language_model.model.layers.0.self_attn.o_proj.weight",
                columns(heads(0, 2, 1, 3)));

    failsFirstAt(copy, "llava-mistral-gqa", "lm.inputs_embeds", "lm.block_output.0");
  }

  @Test
  void normWeightsOffByOne() {
    Goldens.Copy copy =
        Goldens.copy("llava-gemma")
            .tensors(
                "language_model.model.layers.2.input_layernorm.weight", weight -> weight.add(-1));

    failsFirstAt(copy, "llava-gemma", "lm.block_output.1", "lm.block_output.2");
  }

  @Test
  void featuresOfTheLastTowerLayer() {
    Goldens.Copy copy =
        Goldens.copy("llava-llama")
            .json("config.json", config -> config.put("vision_feature_layer", -1));

    failsFirstAt(copy, "llava-llama", "vision.hidden_states.3", "image_features");
  }

  @Test
  void classTokenKept() {
    Goldens.Copy copy =
        Goldens.copy("llava-llama")
            .json("config.json", config -> config.put("vision_feature_select_strategy", "full"));

    failsFirstAt(copy, "llava-llama", "vision.hidden_states.2", "image_features");
  }

  @Test
  void patchesShiftedByTheClassToken() {
    // One position further: the first patch is lost and the class token takes the place of the
    // last.
    int[] shifted = IntStream.range(0, 17).map(p -> p == 0 ? 1 : p == 1 ? 0 : p).toArray();
    Goldens.Copy copy =
        Goldens.copy("llava-llama").tensors("embeddings.position_embedding.weight", rows(shifted));

    failsFirstAt(copy, "llava-llama", "pixel_values", "vision.hidden_states.0");
  }

  @Test
  void anotherFormOfGelu() {
    Goldens.Copy copy =
        Goldens.copy("llava-llama")
            .json("config.json", config -> config.put("projector_hidden_act", "gelu_pytorch_tanh"));

    failsFirstAt(copy, "llava-llama", "vision.hidden_states.3", "image_features");
  }

  @Test
  void anotherEpsilonOfTheNorm() {
    Goldens.Copy copy =
        Goldens.copy("llava-llama")
            .json("config.json", config -> text(config).put("rms_norm_eps", 1e-3));

    failsFirstAt(copy, "llava-llama", "lm.inputs_embeds", "lm.block_output.0");
  }

  @Test
  void anotherBaseOfTheRotation() {
    Goldens.Copy copy =
        Goldens.copy("llava-llama")
            .json("config.json", config -> text(config).put("rope_theta", 1e6));

    failsFirstAt(copy, "llava-llama", "lm.inputs_embeds", "lm.attentions.0");
  }

  @Test
  void anotherFilterOfThePictures() {
    Goldens.Copy copy =
        Goldens.copy("llava-llama")
            .json("preprocessor_config.json", settings -> settings.put("resample", 2));

    failsFirstAt(copy, "llava-llama", "input_ids", "pixel_values");
  }

  @Test
  void aWrongWeightIn16BitsIsNoRounding() {
    Path wrong =
        Goldens.copy("llava-llama-bf16")
            .tensors(
                "language_model.model.layers.1.self_attn.q_proj.weight", rows(heads(1, 0, 2, 3)))
            .write(folder);
    VerificationReport report = ParityTest.verify(wrong, "llava-llama-bf16");

    assertThat(report.find("expected_native.safetensors", "lm.attentions.0"))
        .hasValueSatisfying(check -> assertThat(check.verdict()).isEqualTo(Verdict.PASS));
    assertThat(report.find("expected_native.safetensors", "lm.attentions.1"))
        .hasValueSatisfying(check -> assertThat(check.verdict()).isEqualTo(Verdict.FAIL));
  }

  /// The stage before the mistake agrees, the stage of the mistake does not, and so does nothing
  /// after it.
  private void failsFirstAt(Goldens.Copy copy, String family, String agrees, String differs) {
    VerificationReport report = ParityTest.verify(copy.write(folder), family);

    assertThat(report.passed()).isFalse();
    assertThat(verdict(report, agrees)).isEqualTo(Verdict.PASS);
    assertThat(verdict(report, differs)).isEqualTo(Verdict.FAIL);
    assertThat(verdict(report, "logits")).isEqualTo(Verdict.FAIL);
  }

  private static Verdict verdict(VerificationReport report, String name) {
    return report.find("expected.safetensors", name).orElseThrow().verdict();
  }

  /// The text part of a config, where its values count.
  private static ObjectNode text(ObjectNode config) {
    return (ObjectNode) config.get("text_config");
  }

  private static int[] heads(int... order) {
    return IntStream.of(order).flatMap(h -> IntStream.range(h * HEAD, (h + 1) * HEAD)).toArray();
  }

  private static UnaryOperator<Tensor> rows(int... order) {
    return weight -> weight.indexSelect(0, Tensor.indices(order));
  }

  private static UnaryOperator<Tensor> columns(int... order) {
    return weight -> weight.indexSelect(1, Tensor.indices(order));
  }
}
