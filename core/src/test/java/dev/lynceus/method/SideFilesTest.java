package dev.lynceus.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.causal.Direction;
import dev.lynceus.method.evidence.Thresholds;
import dev.lynceus.method.lens.TunedLens;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.run.TinyModels;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.file.SafetensorsWriter;
import dev.lynceus.tensor.file.StoredTensor;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Files that users hand in beside a model are taken as they are meant, or refused by name.
class SideFilesTest {
  private static final int WIDTH = 32;

  @TempDir static Path folder;
  private static LoadedModel model;
  private static String revision;

  @BeforeAll
  static void open() {
    model = TinyModels.load(folder, Family.LLAMA);
    revision = model.checkpoint().fingerprint();
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static Path file(Map<String, String> about, Map<String, StoredTensor> tensors) {
    SafetensorsWriter writer = new SafetensorsWriter();
    about.forEach(writer::metadata);
    tensors.forEach(writer::add);
    Path file = folder.resolve("side.safetensors");
    writer.write(file);
    return file;
  }

  private static void refused(ThrowingCallable call, String... words) {
    LynceusException refused = catchThrowableOfType(LynceusException.class, call);
    assertThat(refused).as("%s", (Object) words).isNotNull();
    assertThat(refused.code()).isEqualTo(ErrorCode.BAD_REQUEST);
    assertThat(refused).hasMessageContainingAll(words);
    assertThat(refused.nextStep()).isNotBlank();
  }

  private static float[] ones(int count) {
    float[] values = new float[count];
    java.util.Arrays.fill(values, 1);
    return values;
  }

  private static void direction(String point, StoredTensor vector, String... words) {
    Path file = file(Map.of("point", point, "revision", revision), Map.of("direction", vector));
    refused(() -> Direction.load(file, model), words);
  }

  @Test
  void directions() {
    String point = "blocks.1.hook_resid_post";
    StoredTensor good = StoredTensor.of(ones(WIDTH), WIDTH);
    Path file = file(Map.of("point", point, "revision", revision), Map.of("direction", good));
    assertThat(Direction.load(file, model).vector()).containsExactly(ones(WIDTH));

    direction(point, StoredTensor.of(ones(1), 1), "side.safetensors", "shape [1]", "[32]");
    direction(point, StoredTensor.of(ones(1)), "shape []");
    direction(point, StoredTensor.of(new float[0], 0), "shape [0]");
    direction(point, StoredTensor.of(ones(WIDTH), 1, WIDTH), "shape [1, 32]");
    direction(point, StoredTensor.of(ones(WIDTH - 1), WIDTH - 1), "shape [31]");
    direction(point, StoredTensor.of(new long[WIDTH], WIDTH), "of type int64");
    direction(point, StoredTensor.of(new float[WIDTH], WIDTH), "length 0");
    for (float wrong : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      float[] values = ones(WIDTH);
      values[7] = wrong;
      direction(point, StoredTensor.of(values, WIDTH), "not finite");
    }
    direction("blocks.*.hook_resid_post", good, "names no layer");
    direction("resid_post", good, "names no layer");
    direction("blocks.99999999999999999999.hook_resid_post", good, "there is no point");
    direction("blocks.3.hook_resid_post", good, "no layer 3");
    direction("blocks.1.attn.hook_pattern", good, "holds no states");
    refused(
        () -> Direction.load(file(Map.of("point", point), Map.of("direction", good)), model),
        "was found in");
    refused(
        () -> Direction.load(file(Map.of("revision", revision), Map.of("direction", good)), model),
        "holds no direction");
  }

  private static Path lens(StoredTensor weight, StoredTensor bias) {
    Map<String, StoredTensor> tensors = new java.util.LinkedHashMap<>();
    for (int depth = 0; depth < TinyModels.LAYERS; depth++) {
      tensors.put("depth." + depth + ".weight", weight);
      tensors.put("depth." + depth + ".bias", bias);
    }
    return file(Map.of("revision", revision), tensors);
  }

  @Test
  void tunedLenses() {
    StoredTensor weight = StoredTensor.of(new float[WIDTH * WIDTH], WIDTH, WIDTH);
    StoredTensor bias = StoredTensor.of(ones(WIDTH), WIDTH);
    TunedLens.load(lens(weight, bias), model).close();

    refused(
        () -> TunedLens.load(lens(StoredTensor.of(ones(WIDTH), WIDTH), bias), model),
        "depth.0.weight",
        "[32]",
        "[32, 32]");
    for (StoredTensor wrong :
        new StoredTensor[] {
          StoredTensor.of(ones(1), 1),
          StoredTensor.of(ones(1)),
          StoredTensor.of(ones(2 * WIDTH), 2, WIDTH)
        }) {
      refused(() -> TunedLens.load(lens(weight, wrong), model), "depth.0.bias");
    }
    float[] values = new float[WIDTH * WIDTH];
    values[5] = Float.NaN;
    refused(
        () -> TunedLens.load(lens(StoredTensor.of(values, WIDTH, WIDTH), bias), model),
        "not finite");
    refused(
        () ->
            TunedLens.load(
                file(
                    Map.of("revision", revision),
                    Map.of("depth.0.weight", weight, "depth.0.bias", bias)),
                model),
        "holds 2 tensors");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "[]",
        "{}",
        "{\"revision\": \"r\", \"reading\": \"normed\", \"limits\": []}",
        "{\"revision\": \"r\", \"reading\": \"normed\", \"effect\": 1}",
        "{\"revision\": \"r\", \"reading\": \"normed\", \"effect\": null, \"limits\": []}",
        "{\"revision\": \"r\", \"reading\": \"normed\", \"effect\": \"NaN\", \"limits\": []}",
        "{\"revision\": \"r\", \"reading\": \"normed\", \"effect\": 1e999, \"limits\": []}",
        "{\"revision\": \"r\", \"reading\": null, \"effect\": 1, \"limits\": []}",
        "{\"revision\": \"r\", \"reading\": \"normed\", \"effect\": 1, \"limits\": [{\"score\": \"SHARE\"}]}",
        "{\"revision\": \"r\", \"reading\": \"normed\", \"effect\": 1, \"limits\": [{\"least\": 1}]}",
        "{\"revision\": \"r\", \"reading\": \"normed\", \"effect\": 1, \"limits\": [null]}",
        "{\"revision\": \"r\", \"reading\": \"normed\", \"effect\": 1, \"limits\": [], \"limit\": []}",
        "{\"revision\": \"r\", \"reading\": \"normed\", \"effect\": 1, \"limits\": ["
            + "{\"score\": \"SHARE\", \"least\": 1}, {\"score\": \"SHARE\", \"least\": 2}]}",
      })
  void thresholds(String json) {
    refused(() -> Thresholds.parse(json, "t.json"), "t.json holds no thresholds");
  }

  @Test
  void goodThresholdsAreRead() {
    Thresholds read =
        Thresholds.parse(
            "{\"revision\": \"r\", \"reading\": \"normed\", \"effect\": 0.5, \"limits\": [{\"score\": \"SHARE\", \"least\": 0.25}]}",
            "t.json");
    assertThat(read.limits().getFirst().least()).isEqualTo(.25);
  }

  private static void values(Path file, String tensor, String... words) {
    refused(
        () -> {
          try (Run run =
              model.run(
                  model.raw("the dog"),
                  Capture.NONE,
                  Intervention.at(
                      Point.RESID_POST, 1, new Op.Set(new Values.Stored(file, tensor))))) {
            run.logits();
          }
        },
        words);
  }

  @Test
  void valuesOfInterventions() {
    values(folder.resolve("none"), "x", "there is no file");
    values(folder, "x", "there is no file");
    float[] nan = {Float.NaN};
    values(file(Map.of(), Map.of("x", StoredTensor.of(nan, 1))), "x", "not finite");
    values(
        file(Map.of(), Map.of("x", StoredTensor.of(new float[0], 0))), "x", "without any number");
    values(
        file(Map.of(), Map.of("x", StoredTensor.of(new long[] {1}, 1))),
        "x",
        DType.INT64.toString());
    values(file(Map.of(), Map.of("x", StoredTensor.of(ones(1), 1))), "y", "no tensor 'y'");
    values(file(Map.of(), Map.of("x", StoredTensor.of(ones(7), 7))), "x", "do not fit");
  }
}
