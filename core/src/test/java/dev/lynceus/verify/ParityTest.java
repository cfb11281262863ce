package dev.lynceus.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.tensor.DType;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Every reference checkpoint agrees with the reference library at every stage.
class ParityTest {
  static final List<String> FLOAT32 = Goldens.FLOAT32;
  static final List<String> SIXTEEN = Goldens.SIXTEEN;
  private static final Set<String> REASONS =
      Set.of(
          "no such method yet",
          "16-bit probabilities have no fixed order; the logits are compared");

  static Stream<String> all() {
    return Stream.concat(FLOAT32.stream(), SIXTEEN.stream());
  }

  @ParameterizedTest
  @MethodSource("all")
  void everyStageAgrees(String family) {
    VerificationReport report = verify(Goldens.checkpoint(family), family);

    assertThat(report.checks()).noneMatch(check -> check.verdict() == Verdict.FAIL);
    assertThat(report.passed()).isTrue();
    assertThat(report.checks())
        .filteredOn(check -> check.verdict() == Verdict.SKIPPED)
        .allMatch(check -> REASONS.contains(check.reason()));
  }

  @ParameterizedTest
  @FieldSource("FLOAT32")
  void pixelsIdsAndTextsAreEqualNotOnlyClose(String family) {
    VerificationReport report = verify(Goldens.checkpoint(family), family);

    assertThat(report.checks())
        .filteredOn(check ->
            check.name().endsWith("pixel_values") && !check.name().startsWith("grad.")
                || check.name().contains("ids")
                || check.name().endsWith("text"))
        .hasSizeGreaterThan(3)
        .allMatch(check -> check.absolute() == 0);
  }

  /// The names that say what must be there: a comparison that silently lost a tensor would pass
  /// without it.
  @ParameterizedTest
  @FieldSource("FLOAT32")
  void nothingOfTheReferenceIsLeftOut(String family) {
    VerificationReport report = verify(Goldens.checkpoint(family), family);
    List<String> names =
        report.checks().stream()
            .filter(check -> check.verdict() == Verdict.PASS)
            .map(Check::name)
            .toList();

    assertThat(names)
        .contains("input_ids", "attention_mask", "lm.inputs_embeds", "logits", "logits_last")
        .contains(
            "lm.hidden_states.0", "lm.hidden_states.4", "lm.block_output.3", "lm.attentions.3")
        .contains("generated_ids", "generated_text", "predicted_id", "predicted_text", "top5.prob")
        .contains("tokens", "grad.top_logit_wrt_inputs_embeds", "decoded_skip_special");
    if (family.startsWith("llava")) {
      assertThat(names)
          .contains("pixel_values", "image_features", "vision.hidden_states.3")
          .contains("vision.attentions.2", "grad.top_logit_wrt_pixel_values")
          .contains("head_increase", "attn_increase", "ffn_increase", "head_pos_increase")
          .contains("best.layer_input.logits", "best.key_input.logits")
          .contains("best.value_input.logits", "best.ov.logits", "best.patch_map")
          .contains("avg_attention_map", "logit_lens.image.probs", "final_var");
    }
  }

  @Test
  void theOlderKeyLayoutGivesTheSameNumbers(@TempDir Path folder) {
    sameNumbers(Goldens.copy("llava-llama").names(Goldens::v452).write(folder));
  }

  @Test
  void theNewestKeyLayoutGivesTheSameNumbers(@TempDir Path folder) {
    sameNumbers(Goldens.copy("llava-llama").names(Goldens::v5).write(folder));
  }

  private static void sameNumbers(Path layout) {
    List<Check> here = verify(layout, "llava-llama").checks();
    List<Check> hub = verify(Goldens.checkpoint("llava-llama"), "llava-llama").checks();

    assertThat(here).isEqualTo(hub);
  }

  /// In float64 what is left is the rounding of the reference: it must not grow. Where a float32
  /// run is further from the reference than 1e-5, this says that the reference, too, is that far
  /// from the exact value.
  @ParameterizedTest
  @FieldSource("FLOAT32")
  void inFloat64OnlyTheRoundingOfTheReferenceIsLeft(String family) {
    VerificationReport report =
        Verification.run(
            Goldens.checkpoint(family),
            Goldens.reference(family),
            VerificationOptions.DEFAULT
                .compute(DType.FLOAT64)
                .tolerance(new Tolerance(1e-5, 5e-5)));

    assertThat(report.checks()).noneMatch(check -> check.verdict() == Verdict.FAIL);
  }

  static VerificationReport verify(Path checkpoint, String family) {
    return Verification.run(checkpoint, Goldens.reference(family), VerificationOptions.DEFAULT);
  }
}
