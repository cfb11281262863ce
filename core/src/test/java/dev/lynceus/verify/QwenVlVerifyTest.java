package dev.lynceus.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `models verify` holds on all reference values of the Qwen-VL families.
class QwenVlVerifyTest {

  @ParameterizedTest
  @ValueSource(strings = {"qwen2-vl", "qwen2.5-vl", "qwen3-vl"})
  void verifyHolds(String family) {
    VerificationReport report =
        Verification.run(
            Goldens.checkpoint(family), Goldens.reference(family), VerificationOptions.DEFAULT);
    assertThat(report.checks()).filteredOn(c -> c.verdict() == Verdict.FAIL).isEmpty();
    assertThat(report.passed()).isTrue();
    List<String> names =
        report.checks().stream().filter(c -> c.verdict() == Verdict.PASS).map(Check::name).toList();
    assertThat(names)
        .contains("pixel_values", "input_ids", "image_features", "lm.inputs_embeds", "logits")
        .contains("generated_ids", "vision.layer_input.0", "vision.block_output.2")
        .contains("image_grid_thw", "position_ids_3d", "rope_delta", "lm.block_output.0");
    boolean third = family.equals("qwen3-vl");
    assertThat(names.contains("deepstack_features.1")).isEqualTo(third);
    assertThat(names.contains("lm.layer_input.1")).isEqualTo(third);
    assertThat(names.contains("trace.restore_prob")).isEqualTo(!third);
    assertThat(report.checks())
        .filteredOn(c -> c.verdict() == Verdict.SKIPPED)
        .extracting(Check::name)
        .isSubsetOf("trace.positions");
  }
}
