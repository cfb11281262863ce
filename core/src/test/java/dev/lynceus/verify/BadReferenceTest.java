package dev.lynceus.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.file.SafetensorsWriter;
import dev.lynceus.tensor.file.StoredTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A folder of reference values that cannot be used is refused with the file and the next step.
class BadReferenceTest {
  @TempDir Path folder;

  @Test
  void aFolderThatIsNotThere() {
    refused(folder.resolve("absent"), "is not a folder");
  }

  @Test
  void aFolderWithoutReferenceValues() {
    refused(folder, "none of the files");
  }

  @Test
  void brokenJson() throws IOException {
    Files.writeString(folder.resolve("expected.json"), "{\n\"prompt\": ");

    refused(folder, "expected.json is not valid JSON at line 2");
  }

  @Test
  void jsonThatIsNoObject() throws IOException {
    Files.writeString(folder.resolve("expected.json"), "[]");

    refused(folder, "does not hold a JSON object");
  }

  @Test
  void noPrompt() throws IOException {
    Files.writeString(folder.resolve("expected.json"), "{}");

    refused(folder, "has no \"prompt\"");
  }

  @Test
  void tensorsWithoutTheirPrompt() {
    new SafetensorsWriter()
        .add("logits", StoredTensor.of(new float[1], 1))
        .write(folder.resolve("expected.safetensors"));

    refused(folder, "needs the JSON file");
  }

  @Test
  void aPictureThatIsNotThere() throws IOException {
    Files.writeString(
        folder.resolve("expected.json"), "{\"prompt\": \"<image>\\nWhat?\", \"image\": \"x.png\"}");

    refused(folder, "the picture x.png");
  }

  @Test
  void truncatedTensors() throws IOException {
    byte[] whole =
        Files.readAllBytes(Goldens.reference("llava-llama").resolve("expected.safetensors"));
    Files.write(folder.resolve("expected.safetensors"), java.util.Arrays.copyOf(whole, 1000));
    Files.copy(
        Goldens.reference("llava-llama").resolve("expected.json"), folder.resolve("expected.json"));

    assertThatThrownBy(
            () -> verify(VerificationOptions.DEFAULT.pictures(Goldens.ROOT.resolve("images"))))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("expected.safetensors");
  }

  @Test
  void arithmeticIn16Bits() {
    assertThatThrownBy(() -> verify(VerificationOptions.DEFAULT.compute(DType.BFLOAT16)))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("bfloat16");
  }

  /// Names that nobody knows are told, not passed; a layer that this model does not have is a
  /// failure.
  @Test
  void unknownNamesAreSkippedAndMissingLayersFail() throws IOException {
    Files.copy(
        Goldens.reference("llava-llama").resolve("expected.json"), folder.resolve("expected.json"));
    new SafetensorsWriter()
        .add("lm.hidden_states.99", StoredTensor.of(new float[1], 1))
        .add("qformer.hidden_states.0", StoredTensor.of(new float[1], 1))
        .write(folder.resolve("expected.safetensors"));
    VerificationReport report =
        verify(VerificationOptions.DEFAULT.pictures(Goldens.ROOT.resolve("images")));

    assertThat(report.find("expected.safetensors", "qformer.hidden_states.0").orElseThrow())
        .matches(check -> check.verdict() == Verdict.SKIPPED && !check.reason().isEmpty());
    assertThat(report.find("expected.safetensors", "lm.hidden_states.99").orElseThrow())
        .matches(check -> check.verdict() == Verdict.FAIL && !check.reason().isEmpty());
  }

  @Test
  void aShapeOfAnotherModelFails() {
    VerificationReport report =
        Verification.run(
            Goldens.checkpoint("vicuna"),
            Goldens.reference("llava-gemma"),
            VerificationOptions.DEFAULT);

    assertThat(report.passed()).isFalse();
    assertThat(report.checks())
        .anyMatch(
            check -> check.verdict() == Verdict.FAIL && check.reason().contains("the shape here"));
    assertThat(report.checks())
        .filteredOn(check -> check.name().startsWith("vision."))
        .isNotEmpty()
        .allMatch(check -> check.reason().equals("this model has no eyes"));
  }

  private VerificationReport verify(VerificationOptions options) {
    return Verification.run(Goldens.checkpoint("llava-llama"), folder, options);
  }

  private void refused(Path reference, String message) {
    assertThatThrownBy(() ->
            Verification.run(
                Goldens.checkpoint("llava-llama"), reference, VerificationOptions.DEFAULT))
        .isInstanceOfSatisfying(
            LynceusException.class,
            refusal -> {
              assertThat(refusal.code()).isEqualTo(ErrorCode.BAD_REQUEST);
              assertThat(refusal.nextStep()).isNotBlank();
            })
        .hasMessageContaining(message);
  }
}
