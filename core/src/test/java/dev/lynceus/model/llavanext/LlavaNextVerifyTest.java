package dev.lynceus.model.llavanext;

import static dev.lynceus.model.llavanext.LlavaNextGolden.file;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.verify.Check;
import dev.lynceus.verify.Verdict;
import dev.lynceus.verify.Verification;
import dev.lynceus.verify.VerificationOptions;
import dev.lynceus.verify.VerificationReport;
import org.junit.jupiter.api.Test;

/// `models verify` holds on the reference values, and leaves out nothing but the sizes of pictures.
class LlavaNextVerifyTest {
  @Test
  void verifyHolds() {
    VerificationReport report =
        Verification.run(
            file("hub"), file("expected.json").getParent(), VerificationOptions.DEFAULT);

    assertThat(report.checks()).filteredOn(c -> c.verdict() == Verdict.FAIL).isEmpty();
    assertThat(report.passed()).isTrue();
    assertThat(report.checks())
        .filteredOn(c -> c.verdict() == Verdict.PASS)
        .extracting(Check::name)
        .contains(
            "pixel_values",
            "input_ids",
            "image_features",
            "lm.inputs_embeds",
            "logits",
            "generated_ids")
        .contains("vision.block_output.2", "lm.block_output.2", "lm.hidden_states.3");
    assertThat(report.checks())
        .filteredOn(c -> c.verdict() == Verdict.SKIPPED)
        .extracting(Check::name)
        .allMatch(name -> name.contains("image_sizes"));
  }
}
