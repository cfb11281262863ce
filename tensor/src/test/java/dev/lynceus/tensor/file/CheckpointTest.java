package dev.lynceus.tensor.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.Scope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {

  private static final String FIRST = "model-00001-of-00002.safetensors";
  private static final String SECOND = "model-00002-of-00002.safetensors";

  @TempDir Path folder;

  @Test
  void aSingleFileIsRead() throws IOException {
    single("a", 1, "b.c", 2);
    Files.writeString(folder.resolve("config.json"), "{\"model_type\":\"llava\",\"eps\":Infinity}");
    try (Checkpoint checkpoint = Checkpoint.open(folder);
        Scope _ = Scope.open()) {
      assertThat(checkpoint.names()).containsExactlyInAnyOrder("a", "b.c");
      assertThat(checkpoint.tensor("b.c").toFloats()).containsExactly(2, 2);
      assertThat(checkpoint.bytes()).isEqualTo(16);
      assertThat(checkpoint.parameters()).isEqualTo(4);
      assertThat(checkpoint.config().path("model_type").stringValue()).isEqualTo("llava");
      assertThat(checkpoint.json("preprocessor_config.json")).isEmpty();
      assertThat(checkpoint.file("config.json")).contains(folder.resolve("config.json"));
      assertThat(checkpoint.warnings()).isEmpty();
      assertThat(checkpoint.revision()).isEmpty();
    }
  }

  @Test
  void shardsAreReadThroughTheIndex() throws IOException {
    sharded();
    try (Checkpoint checkpoint = Checkpoint.open(folder);
        Scope _ = Scope.open()) {
      assertThat(checkpoint.names()).containsExactlyInAnyOrder("a", "b", "c");
      assertThat(checkpoint.tensor("a").toFloats()).containsExactly(1, 1);
      assertThat(checkpoint.tensor("c").toFloats()).containsExactly(3, 3);
      assertThat(checkpoint.bytes()).isEqualTo(24);
      assertThat(checkpoint.parameters()).isEqualTo(6);
      assertThat(checkpoint.warnings()).isEmpty();
      assertThatThrownBy(() -> checkpoint.info("d"))
          .isInstanceOf(LynceusException.class)
          .hasMessageContaining("'d'");
    }
  }

  @Test
  void aShardIsNotOpenedBeforeItIsNeeded() throws IOException {
    sharded();
    Files.writeString(folder.resolve(SECOND), "broken");
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThat(checkpoint.info("a").shape()).containsExactly(2);
      assertThatThrownBy(() -> checkpoint.info("c"))
          .isInstanceOf(LynceusException.class)
          .hasMessageContaining(SECOND);
    }
  }

  @Test
  void absentShardsAreAllListed() throws IOException {
    sharded();
    Files.delete(folder.resolve(FIRST));
    Files.delete(folder.resolve(SECOND));
    assertThat(refused()).hasMessageContainingAll("2 shards", FIRST, SECOND);
    assertThat(refused().nextStep()).contains("half a checkpoint", "hf download");
  }

  @Test
  void aDanglingLinkIsAnAbsentShard() throws IOException {
    sharded();
    Files.delete(folder.resolve(SECOND));
    Files.createSymbolicLink(folder.resolve(SECOND), Path.of("../../blobs/gone"));
    assertThat(refused()).hasMessageContaining(SECOND).hasMessageNotContaining(FIRST);
  }

  @Test
  void aTensorThatItsShardLacksIsNamed() throws IOException {
    sharded();
    index(Map.of("a", FIRST, "b", FIRST, "c", SECOND, "d", SECOND), 24);
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThatThrownBy(() -> checkpoint.tensor("c"))
          .isInstanceOf(LynceusException.class)
          .hasMessageContainingAll("'d'", SECOND);
    }
  }

  @Test
  void aTensorInTwoShardsIsNamed() throws IOException {
    sharded();
    write(SECOND, "c", 3, "a", 9);
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThatThrownBy(() -> checkpoint.tensor("c"))
          .isInstanceOf(LynceusException.class)
          .hasMessageContainingAll("'a'", FIRST, SECOND);
    }
  }

  @Test
  void aWrongTotalAndAnUnnamedTensorAreWarnings() throws IOException {
    sharded();
    write(SECOND, "c", 3, "extra", 9);
    index(Map.of("a", FIRST, "b", FIRST, "c", SECOND), 1000);
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThat(checkpoint.warnings())
          .hasSize(2)
          .anySatisfy(warning -> assertThat(warning).contains("'extra'"))
          .anySatisfy(warning -> assertThat(warning).contains("1000", "32"));
    }
  }

  @Test
  void oneWholeFileIsPreferredToShardsWithAWarning() throws IOException {
    sharded();
    single("a", 7);
    try (Checkpoint checkpoint = Checkpoint.open(folder);
        Scope _ = Scope.open()) {
      assertThat(checkpoint.tensor("a").toFloats()).containsExactly(7, 7);
      assertThat(checkpoint.warnings()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../model.safetensors",
        "/etc/model.safetensors",
        "sub/../../model.safetensors",
        "..\\\\model.safetensors",
        "C:\\\\model.safetensors",
        "sub/model.safetensors",
        "model.bin",
        "model..safetensors",
        ""
      })
  void shardNamesThatLeadElsewhereAreRefused(String shard) throws IOException {
    text("model.safetensors.index.json", "{\"weight_map\":{\"w\":\"" + shard + "\"}}");
    assertThat(refused()).hasMessageContaining("'w'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"weight_map\":[]}",
        "{\"weight_map\":{}}",
        "{\"weight_map\":{\"w\":1}}",
        "{\"weight_map\":{\"w\":\"a.safetensors\",\"w\":\"b.safetensors\"}}",
        "{\"weight_map\":{\"w\":\"a.safetensors\"}",
        "version https://git-lfs.github.com/spec/v1"
      })
  void brokenIndexesAreRefused(String json) throws IOException {
    text("model.safetensors.index.json", json);
    assertThat(refused()).hasMessageContaining("model.safetensors.index.json");
  }

  @Test
  void picklesAreRefusedWithTheWayOut() throws IOException {
    text("pytorch_model-00001-of-00001.bin", "PK");
    assertThat(refused()).hasMessageContainingAll("pickle", "pytorch_model-00001-of-00001.bin");
    assertThat(refused().nextStep()).contains("save_file");
  }

  @Test
  void adaptersAndFoldersWithoutWeightsAreRefused() throws IOException {
    assertThat(refused()).hasMessageContaining("no weights");
    text("adapter_model.safetensors", "");
    assertThat(refused()).hasMessageContaining("adapter_model.safetensors");
    assertThat(refused().nextStep()).contains("Merge it into its base model");
  }

  @Test
  void absentFoldersAndFilesAreToldApart() throws IOException {
    assertThat(
            catchThrowableOfType(
                    LynceusException.class, () -> Checkpoint.open(folder.resolve("absent")))
                .code())
        .isEqualTo(ErrorCode.MODEL_NOT_FOUND);
    Path file = Files.createFile(folder.resolve("model.gguf"));
    assertThat(catchThrowableOfType(LynceusException.class, () -> Checkpoint.open(file)).code())
        .isEqualTo(ErrorCode.BAD_CHECKPOINT);
  }

  @Test
  void aFolderMayBeGivenRelativeAndWithDots() throws IOException {
    single("a", 1);
    text("config.json", "{}");
    Path here = Path.of("").toAbsolutePath();
    for (Path form :
        List.of(
            here.relativize(folder.toAbsolutePath()),
            folder.resolve("."),
            folder.resolve("x/.."))) {
      Files.createDirectories(folder.resolve("x"));
      try (Checkpoint checkpoint = Checkpoint.open(form)) {
        assertThat(checkpoint.config().isObject()).as(form.toString()).isTrue();
      }
    }
  }

  @Test
  void brokenConfigsAreRefused() throws IOException {
    single("a", 1);
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThatThrownBy(checkpoint::config)
          .isInstanceOf(LynceusException.class)
          .hasMessageContaining("no config.json");
      for (String json : new String[] {"", "[1]", "{\"a\":1,\"a\":2}", "{\"a\":\n oops}"}) {
        text("config.json", json);
        assertThatThrownBy(checkpoint::config)
            .as(json)
            .isInstanceOf(LynceusException.class)
            .hasMessageContaining("config.json");
      }
      assertThatThrownBy(() -> checkpoint.json("../secret.json"))
          .isInstanceOf(LynceusException.class);
      assertThatThrownBy(() -> checkpoint.json("/etc/passwd")).isInstanceOf(LynceusException.class);
    }
  }

  @Test
  void afterClosingTensorsAreRefused() throws IOException {
    sharded();
    Checkpoint checkpoint = Checkpoint.open(folder);
    checkpoint.tensor("a").close();
    checkpoint.close();
    for (String name : new String[] {"a", "c"}) {
      assertThatThrownBy(() -> checkpoint.tensor(name))
          .isInstanceOf(LynceusException.class)
          .hasMessageContaining("was closed");
    }
  }

  @Test
  void theFingerprintTellsWeightsApartAndForgetsThePlace() throws IOException {
    single("a", 1, "b", 2);
    String first = fingerprint(folder);
    assertThat(first).matches("[0-9a-f]{64}").isEqualTo(fingerprint(folder));
    Path copy = Files.createDirectories(folder.resolve("copy"));
    Files.copy(folder.resolve("model.safetensors"), copy.resolve("model.safetensors"));
    assertThat(fingerprint(copy)).isEqualTo(first);
    single("a", 1, "b", 3);
    assertThat(fingerprint(folder)).isNotEqualTo(first);
    single("a", 1, "c", 2);
    assertThat(fingerprint(folder)).isNotEqualTo(first);
  }

  private LynceusException refused() {
    LynceusException error =
        catchThrowableOfType(LynceusException.class, () -> Checkpoint.open(folder).close());
    assertThat(error).isNotNull();
    assertThat(error.code()).isEqualTo(ErrorCode.BAD_CHECKPOINT);
    return error;
  }

  private static String fingerprint(Path folder) {
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      return checkpoint.fingerprint();
    }
  }

  private void sharded() throws IOException {
    write(FIRST, "a", 1, "b", 2);
    write(SECOND, "c", 3);
    index(Map.of("a", FIRST, "b", FIRST, "c", SECOND), 24);
  }

  private void index(Map<String, String> shardOf, long total) throws IOException {
    String map =
        new TreeMap<>(shardOf)
            .entrySet().stream()
                .map(entry -> "\"" + entry.getKey() + "\":\"" + entry.getValue() + "\"")
                .collect(Collectors.joining(","));
    text(
        "model.safetensors.index.json",
        "{\"metadata\":{\"total_size\":" + total + "},\"weight_map\":{" + map + "}}");
  }

  private void single(Object... namesAndValues) {
    write("model.safetensors", namesAndValues);
  }

  /// Writes tensors of two equal elements each.
  private void write(String file, Object... namesAndValues) {
    SafetensorsWriter writer = new SafetensorsWriter();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      float value = (Integer) namesAndValues[i + 1];
      writer.add((String) namesAndValues[i], StoredTensor.of(new float[] {value, value}, 2));
    }
    writer.write(folder.resolve(file));
  }

  private void text(String file, String text) throws IOException {
    Files.write(folder.resolve(file), text.getBytes(StandardCharsets.UTF_8));
  }
}
