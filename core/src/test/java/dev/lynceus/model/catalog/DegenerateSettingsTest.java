package dev.lynceus.model.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.TinyModels;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Capture;
import dev.lynceus.tensor.file.StoredTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/// Settings and weights from which no numbers can be made are broken checkpoints, named by what is
/// wrong; they are no defects of the program, and not to be fetched again.
class DegenerateSettingsTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"rope_theta": 0}                                       | rope_theta = 0
          {"rope_theta": -1}                                      | rope_theta = -1
          {"rope_theta": NaN}                                     | rope_theta = NaN
          {"rope_theta": 1e300}                                   | rope_theta = 1.0E300
          {"rms_norm_eps": -1}                                    | rms_norm_eps = -1
          {"rms_norm_eps": Infinity}                              | rms_norm_eps = Infinity
          {"rms_norm_eps": "small"}                               | rms_norm_eps = "small"
          {"num_hidden_layers": 2147483647}                       | num_hidden_layers = 2147483647
          {"num_hidden_layers": 0}                                | num_hidden_layers = 0
          {"num_hidden_layers": 20000}                            | num_hidden_layers = 20000
          {"num_hidden_layers": 2}                                | config.json says there are 2
          {"num_hidden_layers": 4}                                | has no tensor
          {"num_attention_heads": 2147483646, "head_dim": 2147483646} | num_attention_heads = 2147483646
          {"num_attention_heads": 65536, "head_dim": 65536}       | more than any model has
          {"num_attention_heads": 4, "num_key_value_heads": 3}    | num_key_value_heads = 3
          {"head_dim": 7}                                         | heads of 7 coordinates
          {"vocab_size": -5}                                      | vocab_size = -5
          {"vocab_size": 65}                                      | expected [65, 32]
          {"hidden_size": 32.5}                                   | hidden_size = 32.5
          {"max_position_embeddings": 0}                          | max_position_embeddings = 0
          {"rope_scaling": {"type": "linear", "factor": 0}}       | factor = 0
          {"rope_scaling": {"type": "linear", "factor": -2}}      | factor = -2
          {"rope_scaling": {"type": "linear", "factor": "2"}}     | factor = "2"
          {"rope_scaling": "linear"}                              | rope_scaling = "linear"
          {"rope_scaling": {"type": "llama3", "factor": 8, "low_freq_factor": 0, "high_freq_factor": 4}} | low_freq_factor = 0
          {"rope_scaling": {"type": "yarn", "factor": 4, "original_max_position_embeddings": 0}} | original_max_position_embeddings = 0
          {"rope_scaling": {"type": "yarn", "factor": 4, "attention_factor": NaN}} | attention_factor = NaN
          {"rope_scaling": {"type": "longrope", "factor": 4, "short_factor": [1,1,1,0], "long_factor": [1,1,1,1]}} | short_factor
          {"rope_scaling": {"type": "longrope", "factor": 4, "short_factor": [1,1,1,1], "long_factor": [1,1,1,1,1]}} | long_factor has 5 numbers
          """)
  void ofADecoder(String changes, String named) {
    refused(ChangedModels.write(folder, Family.LLAMA, json(changes), none()), named);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"vision_config": {"num_attention_heads": 5}}           | num_attention_heads = 5
          {"vision_config": {"num_attention_heads": 384}}         | num_attention_heads = 384
          {"vision_config": {"num_hidden_layers": 2147483647}}    | num_hidden_layers = 2147483647
          {"vision_config": {"patch_size": 29}}                   | patch_size = 29
          {"vision_config": {"image_size": 1000000}}              | image_size = 1000000
          {"vision_config": {"layer_norm_eps": -1}}               | layer_norm_eps = -1
          {"vision_config": 5}                                    | vision_config = 5
          {"text_config": []}                                     | text_config = []
          {"image_token_index": -200}                             | image_token_index = -200
          {"vision_feature_layer": ["last"]}                      | vision_feature_layer
          {"vision_feature_layer": []}                            | vision_feature_layer
          {"vision_feature_layer": 1.5}                           | vision_feature_layer
          """)
  void ofALlava(String changes, String named) {
    refused(ChangedModels.write(folder, Family.LLAVA_CLIP, json(changes), none()), named);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "image_std": [0.27, 0.26, 0.28] | "image_std": [0.5, 0, 0.5]      | image_std
          "image_std": [0.27, 0.26, 0.28] | "image_std": [0.5, 1e-320, 0.5] | image_std
          "image_std": [0.27, 0.26, 0.28] | "image_std": [0.5, 1e-42, 0.5]  | image_std
          "image_mean": [0.5, 0.45, 0.4]  | "image_mean": [0.5, 1e308, 0.5] | image_mean
          0.00392156862745098             | 1e308                           | rescale_factor
          0.00392156862745098             | 0                               | rescale_factor
          """)
  void ofAnImageProcessor(String right, String wrong, String named) throws IOException {
    Path checkpoint = TinyModels.write(folder, Family.LLAVA_CLIP, 7);
    Path file = checkpoint.resolve("preprocessor_config.json");
    Files.writeString(file, Files.readString(file).replace(right.strip(), wrong.strip()));
    refused(checkpoint, named);
  }

  @Test
  void weightsThatAreNoNumbersAreNamed() {
    Path checkpoint =
        TinyModels.write(
            folder,
            Family.LLAMA,
            7,
            tensors ->
                tensors.computeIfPresent(
                    "model.layers.1.mlp.up_proj.weight",
                    (name, old) -> {
                      float[] values = new float[48 * 32];
                      values[3] = Float.NaN;
                      return StoredTensor.of(values, 48, 32);
                    }));
    try (LoadedModel model = LoadedModel.load(checkpoint, LoadOptions.DEFAULT)) {
      for (Runnable use :
          new Runnable[] {
            () ->
                model
                    .generate(model.raw("what color"), GenerationOptions.DEFAULT, Capture.NONE)
                    .close(),
            () -> model.run(model.raw("what color"), Capture.NONE).close()
          }) {
        LynceusException error = catchThrowableOfType(LynceusException.class, use::run);
        assertThat(error.code()).isEqualTo(ErrorCode.BAD_CHECKPOINT);
        assertThat(error).hasMessageContaining("model.layers.1.mlp.up_proj.weight holds NaN");
      }
    }
  }

  private static JsonNode json(String text) {
    return JsonMapper.builder()
        .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
        .build()
        .readTree(text);
  }

  private static JsonNode none() {
    return MissingNode.getInstance();
  }

  private static void refused(Path checkpoint, String named) {
    LynceusException error =
        catchThrowableOfType(
            LynceusException.class,
            () -> LoadedModel.load(checkpoint, LoadOptions.DEFAULT).close());
    assertThat(error.code()).isEqualTo(ErrorCode.BAD_CHECKPOINT);
    assertThat(error).hasMessageContaining(named);
    assertThat(error.nextStep()).doesNotContainIgnoringCase("again");
  }
}
