package dev.lynceus.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.convert.BertImport;
import dev.lynceus.text.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Encoders out of other formats compute what the checkpoint computes that they were made from
/// (`convert/make.py`): would catch maps that are not turned, numbers of heads that were guessed,
/// and passages that an exporter's tokenizer cuts. What is damaged is refused, and nothing is
/// written.
class ImportVerifyTest {
  private static final Path JARS = Path.of("src/test/resources/convert");

  @TempDir private Path folder;

  private static BertImport write(Path source, Path target) {
    return BertImport.write(source, target, OptionalInt.empty());
  }

  private static void everythingPasses(Path checkpoint) {
    VerificationReport report =
        Verification.run(checkpoint, Goldens.reference("bert-mlm"), VerificationOptions.DEFAULT);
    assertThat(report.checks()).allMatch(check -> check.verdict() == Verdict.PASS);
    assertThat(report.checks().stream().map(Check::name))
        .contains("hidden_states.4", "attentions.3", "logits", "input_ids");
  }

  @Test
  void anOnnxGraphIsTheSameModel() {
    BertImport found = write(JARS.resolve("onnx.jar"), folder);
    assertThat(found.format()).isEqualTo(BertImport.Format.ONNX);
    // Width alone would say one head of 64.
    assertThat(found.heads()).isEqualTo(4);
    assertThat(found.layers()).isEqualTo(4);
    assertThat(found.masked()).isTrue();
    assertThat(found.unread()).isEmpty();
    everythingPasses(folder);
    String passage = "the dog sat on a mat and the cat sat on a mat and the dog sat";
    assertThat(Tokenizer.load(folder).encode(passage)).hasSizeGreaterThan(12);
  }

  @Test
  void variablesAreTheSameModelWhereTheirHeadsAreTold() {
    BertImport found = BertImport.write(JARS.resolve("tensorflow.jar"), folder, OptionalInt.of(4));
    assertThat(found.format()).isEqualTo(BertImport.Format.TENSORFLOW);
    assertThat(found.parameters()).isGreaterThan(150_000);
    everythingPasses(folder);
  }

  /// The control of the two above: another number of heads is another model.
  @Test
  void anotherNumberOfHeadsFails() {
    BertImport found = write(JARS.resolve("tensorflow.jar"), folder);
    assertThat(found.heads()).isEqualTo(1);
    assertThat(found.headsFrom()).contains("64 wide");
    VerificationReport report =
        Verification.run(folder, Goldens.reference("bert-mlm"), VerificationOptions.DEFAULT);
    assertThat(report.checks()).anyMatch(check -> check.verdict() == Verdict.FAIL);
  }

  @Test
  void aFolderAndAFileAreReadAsTheirJarIs() throws IOException {
    Path apart = unpacked("onnx.jar");
    write(apart, folder.resolve("a"));
    write(apart.resolve("small.onnx"), folder.resolve("b"));
    write(JARS.resolve("onnx.jar"), folder.resolve("c"));
    byte[] weights = Files.readAllBytes(folder.resolve("c/model.safetensors"));
    assertThat(Files.readAllBytes(folder.resolve("a/model.safetensors"))).isEqualTo(weights);
    assertThat(Files.readAllBytes(folder.resolve("b/model.safetensors"))).isEqualTo(weights);
  }

  @ParameterizedTest
  @CsvSource({
    "small.onnx, 1, damaged",
    "small.onnx, 2, damaged",
    "variables/variables.index, 2, does not end as an index",
    "variables/variables.data-00000-of-00001, 2, damaged"
  })
  void whatIsCutShortIsRefused(String name, int part, String told) throws IOException {
    Path apart = unpacked(name.endsWith(".onnx") ? "onnx.jar" : "tensorflow.jar");
    Path file = apart.resolve(name);
    byte[] bytes = Files.readAllBytes(file);
    int length = part == 1 ? bytes.length - 1 : bytes.length / 2;
    Files.write(file, Arrays.copyOf(bytes, length));
    refused(apart, told);
  }

  @Test
  void oneBitOfAVariableIsMissed() throws IOException {
    Path apart = unpacked("tensorflow.jar");
    Path file = apart.resolve("variables/variables.data-00000-of-00001");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    refused(apart, "checksum");
  }

  /// A graph that names another operation for each layer's function.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Erf>Sin",
        "bert.encoder.layer.2.output.dense.bias>bert.encoder.layer.2.output.dense.bios"
      })
  void anotherGraphIsRefused(String change) throws IOException {
    Path apart = unpacked("onnx.jar");
    Path file = apart.resolve("small.onnx");
    String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
    String[] names = change.split(">");
    Files.writeString(file, bytes.replace(names[0], names[1]), StandardCharsets.ISO_8859_1);
    refused(
        apart,
        names[0].equals("Erf")
            ? "another function than gelu"
            : "bert.encoder.layer.2.output.dense");
  }

  @Test
  void aTokenizerOfOtherWordsIsRefused() throws IOException {
    Path apart = unpacked("tensorflow.jar");
    Path words = apart.resolve("assets/vocab.txt");
    Files.writeString(words, Files.readString(words) + "more\n");
    refused(apart, "353 words for a table of 352");
    Files.delete(words);
    refused(apart, "no vocab.txt");
  }

  @Test
  void whatIsNoModelIsRefused() throws IOException {
    refused(Files.writeString(folder.resolve("notes.txt"), "nothing"), "no file of a model");
    refused(Files.createDirectories(folder.resolve("empty")), "no .onnx file");
    assertThatThrownBy(() -> write(folder.resolve("gone.jar"), folder.resolve("out")))
        .asInstanceOf(type(LynceusException.class))
        .extracting(LynceusException::code)
        .isEqualTo(ErrorCode.MODEL_NOT_FOUND);
  }

  private void refused(Path source, String told) {
    Path target = folder.resolve("out");
    assertThatThrownBy(() -> write(source, target))
        .asInstanceOf(type(LynceusException.class))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_CHECKPOINT))
        .satisfies(e -> assertThat(e).hasMessageContaining(told));
    assertThat(target).doesNotExist();
  }

  /// The files of a jar, and of the zip in it.
  private Path unpacked(String jar) throws IOException {
    Path target = Files.createDirectories(folder.resolve("unpacked"));
    try (InputStream in = Files.newInputStream(JARS.resolve(jar))) {
      unpack(in, target);
    }
    return target;
  }

  private static void unpack(InputStream in, Path target) throws IOException {
    ZipInputStream zip = new ZipInputStream(in);
    for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
      if (entry.getName().equals("models/small")) {
        unpack(zip, target);
      } else {
        Path file = target.resolve(entry.getName());
        Files.createDirectories(file.getParent());
        Files.copy(zip, file, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }
}
