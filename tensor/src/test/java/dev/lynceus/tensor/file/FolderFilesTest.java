package dev.lynceus.tensor.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Folders that hold something else than readable weights: what it is, and the way out. "Fetch
/// again" is for what is lost alone.
class FolderFilesTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          model-Q4_K_M.gguf                | GGUF                | quantised
          model.onnx                       | ONNX                | transformers
          tf_model.h5                      | TensorFlow          | transformers
          flax_model.msgpack               | Flax                | transformers
          weights.npz                      | NumPy               | transformers
          openvino_model.xml               | OpenVINO            | transformers
          pytorch_model.bin                | pickles             | Convert it once
          consolidated.00.pth              | pickles             | Convert it once
          consolidated.safetensors         | consolidated        | conversion for transformers
          model.fp16.safetensors           | only model.fp16     | name it model.safetensors
          model-00001-of-00002.safetensors | only model-00001    | fetch the index too
          adapter_model.safetensors        | holds an adapter    | Merge it
          adapter_model.bin                | holds an adapter    | Merge it
          """)
  void otherFormats(String file, String what, String wayOut) throws IOException {
    Files.writeString(folder.resolve("config.json"), "{}");
    Files.writeString(folder.resolve(file), "");
    LynceusException error = refused();
    assertThat(error).hasMessageContaining(what).hasMessageContaining(file);
    assertThat(error.nextStep()).contains(wayOut).doesNotContain("again");
  }

  @Test
  void anAdapterNamesItsBase() throws IOException {
    Files.writeString(
        folder.resolve("adapter_config.json"), "{\"base_model_name_or_path\": \"org/base\"}");
    Files.writeString(folder.resolve("adapter_model.safetensors"), "");
    assertThat(refused()).hasMessageContaining("an adapter for 'org/base'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.safetensors",
        "model.safetensors.index.json",
        "config.json",
        "tokenizer.json",
        "chat_template.jinja",
        "preprocessor_config.json"
      })
  void aLinkToNowhereIsLost(String name) throws IOException {
    new SafetensorsWriter()
        .add("a", StoredTensor.of(new float[] {1}, 1))
        .write(folder.resolve("model.safetensors"));
    Files.deleteIfExists(folder.resolve(name));
    Files.createSymbolicLink(folder.resolve(name), Path.of("../../blobs/abc"));
    LynceusException error = refused();
    assertThat(error)
        .hasMessageContaining(name + " is a link to ../../blobs/abc, which is not there");
    assertThat(error.nextStep()).contains("fetch the model again");
  }

  /// Every file of a snapshot is a link; where links became texts, none of them may be taken for a
  /// broken file of its kind.
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "config.json,../../blobs/0123abcd",
        "model.safetensors,../../blobs/0123abcd",
        "tokenizer.json,..\\..\\blobs\\0123abcd",
        "chat_template.jinja,../../blobs/0123abcd~",
        "tokenizer.model,/home/ada/hub/models--a--b/blobs/0123abcd",
        "generation_config.json,./other.json",
        "model.safetensors.index.json,XSym~0024~2b1c~../../blobs/0123abcd~   ",
        "preprocessor_config.json,!<symlink>../../blobs/0123abcd"
      })
  void aLinkThatWasStoredAsATextIsCalledOne(String name, String text) throws IOException {
    new SafetensorsWriter()
        .add("a", StoredTensor.of(new float[] {1}, 1))
        .write(folder.resolve("model.safetensors"));
    Files.writeString(folder.resolve(name), text.replace('~', '\n'));
    LynceusException error = refused();
    assertThat(error.code()).isEqualTo(ErrorCode.BAD_CHECKPOINT);
    assertThat(error)
        .hasMessageContainingAll(name, "it was a symbolic link, which was stored as a text")
        .hasMessageNotContaining("JSON");
    assertThat(error.nextStep()).contains("links stay links", "hf download");
  }

  @Test
  void aStoredLinkWhoseFileIsThereSaysSo() throws IOException {
    Path blobs = Files.createDirectories(folder.resolve("blobs"));
    Files.writeString(blobs.resolve("b0"), "{}");
    Path snapshot = Files.createDirectories(folder.resolve("snapshots/abc"));
    Files.writeString(snapshot.resolve("config.json"), "../../blobs/b0");
    LynceusException error =
        catchThrowableOfType(LynceusException.class, () -> Checkpoint.open(snapshot));
    assertThat(error).hasMessageContaining("'../../blobs/b0'");
    assertThat(error.nextStep()).contains("is there: put that in its place");
  }

  /// The negative control: short files of every kind that are no links.
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "config.json,{}",
        "added_tokens.json,{\"a\": \"../../blobs/x\"}",
        "chat_template.jinja,{{ messages[0].content }}",
        "chat_template.jinja,blobs"
      })
  void aShortFileIsNoLink(String name, String text) throws IOException {
    new SafetensorsWriter()
        .add("a", StoredTensor.of(new float[] {1}, 1))
        .write(folder.resolve("model.safetensors"));
    Files.writeString(folder.resolve(name), text);
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThat(checkpoint.names()).hasSize(1);
    }
  }

  @Test
  void aByteOrderMarkIsCalledOne() throws IOException {
    new SafetensorsWriter()
        .add("a", StoredTensor.of(new float[] {1}, 1))
        .write(folder.resolve("model.safetensors"));
    Files.writeString(folder.resolve("config.json"), "\uFEFF{}");
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      LynceusException error = catchThrowableOfType(LynceusException.class, checkpoint::config);
      assertThat(error).hasMessageContaining("begins with a byte order mark");
      assertThat(error.nextStep()).doesNotContain("again");
    }
  }

  @Test
  void aLinkThatNobodyNeedsDoesNoHarm() throws IOException {
    new SafetensorsWriter()
        .add("a", StoredTensor.of(new float[] {1}, 1))
        .write(folder.resolve("model.safetensors"));
    Files.createSymbolicLink(folder.resolve("README.md"), Path.of("../../blobs/abc"));
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThat(checkpoint.warnings()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"F8_E4M3", "F8_E5M2", "F8_E8M0", "F4", "F6_E2M3"})
  void smallFloatsAreQuantised(String type) throws IOException {
    byte[] header =
        "{\"w\":{\"dtype\":\"%s\",\"shape\":[1],\"data_offsets\":[0,1]}}"
            .formatted(type)
            .getBytes(StandardCharsets.UTF_8);
    byte[] file = new byte[8 + header.length + 1];
    file[0] = (byte) header.length;
    System.arraycopy(header, 0, file, 8, header.length);
    Files.write(folder.resolve("model.safetensors"), file);
    LynceusException error =
        catchThrowableOfType(LynceusException.class, () -> Checkpoint.open(folder));
    assertThat(error.code()).isEqualTo(ErrorCode.UNSUPPORTED_MODEL);
    assertThat(error).hasMessageContainingAll("'w'", type, "quantised");
    assertThat(error.nextStep()).doesNotContain("again");
  }

  @Test
  void jsonWithoutEndIsBroken() throws IOException {
    String deep = "{\"a\":".repeat(100_000);
    Files.writeString(folder.resolve("model.safetensors.index.json"), deep);
    assertThat(refused()).hasMessageContaining("model.safetensors.index.json is not valid JSON");
  }

  @Test
  void aFileOfAnotherFormatInsteadOfAFolder() throws IOException {
    Path file = Files.writeString(folder.resolve("m.GGUF"), "GGUF");
    LynceusException error =
        catchThrowableOfType(LynceusException.class, () -> Checkpoint.open(file));
    assertThat(error.nextStep()).contains("GGUF files are mostly quantised");
  }

  private LynceusException refused() {
    LynceusException error =
        catchThrowableOfType(LynceusException.class, () -> Checkpoint.open(folder).close());
    assertThat(error.code()).isEqualTo(ErrorCode.BAD_CHECKPOINT);
    return error;
  }
}
