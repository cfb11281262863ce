package dev.lynceus.model.llavanext;

import static dev.lynceus.model.llavanext.LlavaNextGolden.file;
import static dev.lynceus.model.llavanext.LlavaNextGolden.picture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.LynceusException;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tensor.file.Safetensors;
import dev.lynceus.tensor.file.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Layouts of checkpoints, and what is refused.
class LlavaNextCheckpointTest {
  @TempDir Path folder;

  @Test
  void theNewerNamesOfTensorsGiveTheSameNumbers() throws IOException {
    copy();
    rename(name ->
        name.startsWith("language_model.model.")
            ? name.replace("language_model.model.", "model.language_model.")
            : name.equals("language_model.lm_head.weight") ? "lm_head.weight" : "model." + name);

    assertThat(lastLogits(folder)).isEqualTo(lastLogits(file("hub")));
  }

  @Test
  void aCheckpointWithoutLineBreakIsRefused() throws IOException {
    copy();
    rename(name -> name.equals("image_newline") ? "something_else" : name);

    assertThatThrownBy(() -> load(folder))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("image_newline");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"use_image_newline_parameter\": true | \"use_image_newline_parameter\": false | use_image_newline_parameter",
        "\"vision_feature_select_strategy\": \"default\" | \"vision_feature_select_strategy\": \"full\" | vision_feature_select_strategy",
        "\"image_seq_length\": 16 | \"mm_patch_merge_type\": \"flat\" | mm_patch_merge_type",
        "168 | 150 | image_grid_pinpoints",
        "168 | \"wide\" | image_grid_pinpoints",
        "\"model_type\": \"mistral\" | \"model_type\": \"mamba\" | mamba"
      })
  void unknownSettingsAreRefusedByName(String old, String other, String named) throws IOException {
    copy();
    edit("config.json", old, other);

    assertThatThrownBy(() -> load(folder))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining(named);
  }

  @Test
  void aProcessorThatCutsOtherwiseIsRefused() throws IOException {
    copy();
    // The picture fits 112 x 112 best; the processor is left with 56 x 168 and the like.
    edit("preprocessor_config.json", "112", "56");
    edit("processor_config.json", "112", "56");

    assertThatThrownBy(() -> lastLogits(folder))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("image_grid_pinpoints");
  }

  private static LoadedModel load(Path checkpoint) {
    return LoadedModel.load(checkpoint, LoadOptions.DEFAULT);
  }

  private static float[] lastLogits(Path checkpoint) {
    try (LoadedModel model = load(checkpoint);
        Run run =
            model.run(
                model.raw("[INST] <image> [/INST]", model.picture("p", picture("photo.png"))),
                Capture.NONE)) {
      return run.logits().toFloats();
    }
  }

  private void copy() throws IOException {
    try (var files = Files.list(file("hub"))) {
      for (Path source : files.toList()) {
        Files.copy(source, folder.resolve(source.getFileName().toString()));
      }
    }
  }

  private void edit(String name, String old, String other) throws IOException {
    Path path = folder.resolve(name);
    Files.writeString(path, Files.readString(path).replace(old, other));
  }

  private void rename(UnaryOperator<String> names) throws IOException {
    SafetensorsWriter writer = new SafetensorsWriter();
    try (Safetensors weights = Safetensors.open(file("hub/model.safetensors"))) {
      for (String name : weights.names()) {
        writer.add(names.apply(name), weights.tensor(name));
      }
      Files.delete(folder.resolve("model.safetensors"));
      writer.write(folder.resolve("model.safetensors"));
    }
  }
}
