package dev.lynceus.model.paligemma;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.image.RgbImage;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.verify.Check;
import dev.lynceus.verify.Verdict;
import dev.lynceus.verify.Verification;
import dev.lynceus.verify.VerificationOptions;
import dev.lynceus.verify.VerificationReport;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// `models verify` holds on the reference values of PaliGemma, and who sees whom is as it says.
class PaliGemmaVerifyTest {
  private static final Path GOLDENS = Path.of("src/test/resources/goldens");

  @Test
  void verifyHolds() {
    VerificationReport report =
        Verification.run(
            GOLDENS.resolve("paligemma/hub"),
            GOLDENS.resolve("paligemma"),
            VerificationOptions.DEFAULT);

    assertThat(report.checks()).filteredOn(c -> c.verdict() == Verdict.FAIL).isEmpty();
    assertThat(report.passed()).isTrue();
    List<String> names =
        report.checks().stream().filter(c -> c.verdict() == Verdict.PASS).map(Check::name).toList();
    assertThat(names)
        .contains("pixel_values", "input_ids", "image_features", "lm.inputs_embeds", "logits")
        .contains("generated_ids", "lm.attentions.3", "vision.last_hidden_state");
    assertThat(report.checks()).filteredOn(c -> c.verdict() == Verdict.SKIPPED).isEmpty();
  }

  /// The first visual token looks at the question behind it; a word of the answer is seen by none
  /// before it.
  @Test
  void thePromptSeesItselfInBothDirections() {
    try (LoadedModel model =
            LoadedModel.load(GOLDENS.resolve("paligemma/hub"), LoadOptions.DEFAULT);
        Scope scope = Scope.open()) {
      Prompt prompt =
          model
              .prompt("What is it?", model.picture("grey", RgbImage.of(8, 8, new byte[8 * 8 * 3])))
              .withAnswer(30, 31);
      try (Run run = model.run(prompt, Capture.of(Capture.request(Point.PATTERN)))) {
        int answer = run.tokens().positions(TokenMap.Role.ANSWER)[0];
        int question = run.tokens().positions(TokenMap.Role.QUESTION)[0];
        Tensor pattern = run.get(Point.PATTERN, 0).select(0, 0).select(0, 0);
        assertThat(pattern.select(0, 0).narrow(0, question, 1).item()).isPositive();
        assertThat(pattern.select(0, 0).narrow(0, answer, 2).abs().max().item()).isZero();
        assertThat(pattern.select(0, answer).narrow(0, answer + 1, 1).item()).isZero();
        assertThat(run.batch().prompts().getFirst().ids()).endsWith(30, 31);
      }
    }
  }
}
