package dev.lynceus.model.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.TinyModels;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.file.StoredTensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Checkpoints of other kinds say what they are; none of them is broken, so none is to be fetched
/// again.
class ForeignTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"quantization_config\": {\"quant_method\": \"bitsandbytes\", \"load_in_4bit\": true}}",
        "{\"quantization_config\": {\"quant_method\": \"gptq\", \"bits\": 4}}",
        "{\"quantization_config\": {\"quant_method\": \"awq\", \"bits\": 4}}",
        "{\"quantization_config\": {\"quant_method\": \"fp8\"}}",
        "{\"quantization_config\": {\"quant_method\": \"compressed-tensors\"}}",
        "{\"quantization_config\": {}, \"compression_config\": {\"format\": \"int-quantized\"}}",
        "{\"text_config\": {\"quantization_config\": {\"quant_method\": \"torchao\"}}}",
        "{\"vision_config\": {\"quantization_config\": {\"quant_method\": \"quanto\"}}}",
      })
  void quantisedConfigs(String changes) {
    Path checkpoint = ChangedModels.write(folder, Family.LLAVA_CLIP, changes);
    refused(checkpoint, ErrorCode.UNSUPPORTED_MODEL, "quantised weights are not read");
  }

  @Test
  void aConfigThatSaysItIsNotQuantisedIsRead() {
    ChangedModels.write(folder, Family.LLAVA_CLIP, "{\"quantization_config\": null}");
    LoadedModel.load(folder, LoadOptions.DEFAULT).close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"qweight", "weight_packed", "weight.absmax", "SCB", "weight_scale_inv"})
  void quantisedNames(String name) {
    written(
        Family.LLAMA,
        tensors ->
            tensors.put(
                "model.layers.0.self_attn.q_proj." + name, StoredTensor.of(new float[] {1, 2}, 2)));
    refused(folder, ErrorCode.UNSUPPORTED_MODEL, name);
  }

  @Test
  void weightsStoredInIntegers() {
    written(
        Family.LLAMA,
        tensors ->
            tensors.computeIfPresent(
                "model.layers.0.self_attn.q_proj.weight",
                (name, old) ->
                    new StoredTensor(
                        DType.INT8,
                        new long[] {32, 32},
                        MemorySegment.ofArray(new byte[32 * 32]))));
    refused(folder, ErrorCode.UNSUPPORTED_MODEL, "q_proj.weight is stored as int8");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"model_type\": \"llava_llama\"}",
        "{\"model_type\": \"llava_qwen\", \"mm_projector_type\": \"mlp2x_gelu\"}",
      })
  void originalLlavaByType(String changes) {
    refused(
        ChangedModels.write(folder, Family.LLAVA_CLIP, changes),
        ErrorCode.UNSUPPORTED_MODEL,
        "the layout of LLaVA's own code");
  }

  @Test
  void originalLlavaByItsNames() {
    written(
        Family.LLAVA_CLIP,
        tensors -> renamed(tensors, "multi_modal_projector.linear_1", "model.mm_projector.0"));
    refused(folder, ErrorCode.UNSUPPORTED_MODEL, "a tensor model.mm_projector.0");
  }

  @ParameterizedTest
  @CsvSource({
    "base_model.model., peft",
    "module., DataParallel",
    "_orig_mod., torch.compile",
    "my.wrapper., wrapper"
  })
  void prefixes(String prefix, String word) {
    for (Family family : new Family[] {Family.LLAMA, Family.LLAVA_SIGLIP}) {
      Path own = folder.resolve(family.name());
      TinyModels.write(own, family, 7, tensors -> renamed(tensors, "^", prefix));
      LynceusException error =
          refused(own, ErrorCode.BAD_CHECKPOINT, "begin with \"" + prefix + "\"");
      assertThat(error).hasMessageContaining("all ");
      assertThat(error.getMessage() + error.nextStep()).contains(word);
    }
  }

  @Test
  void everyLayoutThatIsReadHasNoPrefix() {
    for (String layer :
        Set.of(
            "",
            "model.",
            "language_model.",
            "language_model.model.",
            "model.language_model.",
            "model.language_model.model.")) {
      assertThat(Foreign.prefix(Set.of(layer + "layers.0.self_attn.q_proj.weight"))).isEmpty();
      assertThat(Foreign.prefix(Set.of("x." + layer + "layers.0.self_attn.q_proj.weight")))
          .contains("x.");
    }
  }

  @Test
  void adaptersAmongTheWeights() {
    written(
        Family.LLAMA,
        tensors ->
            tensors.put(
                "model.layers.0.self_attn.q_proj.lora_A.default.weight",
                StoredTensor.of(new float[64], 2, 32)));
    refused(folder, ErrorCode.BAD_CHECKPOINT, "adapters that are not merged");
  }

  @Test
  void anAdapterBesideTheWeightsIsSaid() throws IOException {
    TinyModels.write(folder, Family.LLAMA, 7);
    Files.writeString(folder.resolve("adapter_config.json"), "{}");
    Files.writeString(folder.resolve("adapter_model.safetensors"), "");
    try (LoadedModel model = LoadedModel.load(folder, LoadOptions.DEFAULT)) {
      assertThat(model.notes())
          .singleElement()
          .asString()
          .contains("adapter_config.json and adapter_model.safetensors lie beside the weights");
    }
  }

  @Test
  void namesOfAnotherLayoutAreShown() {
    written(Family.LLAMA, tensors -> renamed(tensors, "^model\\.layers", "transformer.h"));
    LynceusException error = refused(folder, ErrorCode.BAD_CHECKPOINT, "model.layers.0");
    assertThat(error.nextStep()).contains("model.embed_tokens.weight");
  }

  @Test
  void aDecoderWithoutWordsToAnswerWith() {
    written(Family.LLAMA, tensors -> tensors.remove("lm_head.weight"));
    refused(folder, ErrorCode.BAD_CHECKPOINT, "no lm_head.weight");
  }

  private void written(Family family, Consumer<Map<String, StoredTensor>> edit) {
    TinyModels.write(folder, family, 7, edit);
  }

  private static void renamed(Map<String, StoredTensor> tensors, String pattern, String other) {
    Map<String, StoredTensor> all = new LinkedHashMap<>(tensors);
    tensors.clear();
    all.forEach((name, tensor) -> tensors.put(name.replaceFirst(pattern, other), tensor));
  }

  private static LynceusException refused(Path checkpoint, ErrorCode code, String named) {
    LynceusException error =
        catchThrowableOfType(
            LynceusException.class,
            () -> LoadedModel.load(checkpoint, LoadOptions.DEFAULT).close());
    assertThat(error).hasMessageContaining(named);
    assertThat(error.code()).isEqualTo(code);
    assertThat(error.nextStep()).doesNotContainIgnoringCase("again");
    return error;
  }
}
