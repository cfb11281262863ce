package dev.lynceus.model.idefics3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.verify.Check;
import dev.lynceus.verify.Verdict;
import dev.lynceus.verify.Verification;
import dev.lynceus.verify.VerificationOptions;
import dev.lynceus.verify.VerificationReport;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `models verify` holds on the reference values of Idefics3 and SmolVLM.
class Idefics3VerifyTest {
  private static final Path GOLDENS = Path.of("src/test/resources/goldens");

  @ParameterizedTest
  @ValueSource(strings = {"idefics3", "smolvlm"})
  void verifyHolds(String family) {
    VerificationReport report =
        Verification.run(
            GOLDENS.resolve(family).resolve("hub"),
            GOLDENS.resolve(family),
            VerificationOptions.DEFAULT);

    assertThat(report.checks()).filteredOn(c -> c.verdict() == Verdict.FAIL).isEmpty();
    assertThat(report.passed()).isTrue();
    List<String> names =
        report.checks().stream().filter(c -> c.verdict() == Verdict.PASS).map(Check::name).toList();
    assertThat(names)
        .contains("pixel_values", "pixel_attention_mask", "input_ids", "image_features")
        .contains("lm.inputs_embeds", "logits", "generated_ids", "vision.block_output.2")
        .contains("head_increase", "head_pos_increase", "best.pos_increase", "avg_attention_map");
    assertThat(report.checks())
        .filteredOn(c -> c.name().endsWith("pixel_values") || c.name().equals("input_ids"))
        .hasSizeGreaterThanOrEqualTo(3)
        .allMatch(c -> c.absolute() == 0);
    assertThat(names)
        .contains("trace.corrupt_prob", "trace.restore_prob", "trace.restore_embed_prob")
        .contains(
            "knockout.prob", "knockout.prob_change", "knockout.all_layers_prob", "knockout.window");
    assertThat(report.checks())
        .filteredOn(c -> c.verdict() == Verdict.SKIPPED)
        .extracting(Check::name)
        .containsExactly("trace.positions");
  }
}
