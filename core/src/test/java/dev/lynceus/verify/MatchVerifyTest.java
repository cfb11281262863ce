package dev.lynceus.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// BLIP and BLIP-2 for matching against the reference: pixels, ids, every pass of theirs, vectors,
/// scores of all pairs, and gradients of the score with respect to cross-attention.
class MatchVerifyTest {
  @TempDir private Path folder;

  private static VerificationReport verify(Path checkpoint, String family) {
    return Verification.run(checkpoint, Goldens.reference(family), VerificationOptions.DEFAULT);
  }

  private static List<String> named(VerificationReport report, Verdict verdict) {
    return report.checks().stream()
        .filter(check -> check.verdict() == verdict)
        .map(Check::name)
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "blip-itm,itm.grad_cross_attentions.2,44",
    "blip2-itm,itc_image.cross_attentions.2,57"
  })
  void everyStageAgrees(String family, String far, long values) {
    VerificationReport report = verify(Goldens.checkpoint(family), family);
    assertThat(named(report, Verdict.FAIL)).isEmpty();
    assertThat(named(report, Verdict.SKIPPED)).isEmpty();
    assertThat(named(report, Verdict.PASS))
        .contains("itm_logits", "itc_scores", "match_probabilities", "tokens", far)
        .hasSize((int) values);
  }

  /// Each wrong weight fails where it is wrong, and nowhere before.
  @Test
  void wrongReadingsFail() {
    Path head =
        Goldens.copy("blip-itm")
            .tensors("itm_head.bias", bias -> bias.mul(1.1))
            .write(folder.resolve("head"));
    assertThat(named(verify(head, "blip-itm"), Verdict.FAIL))
        .containsExactlyInAnyOrder("itm_logits", "match_probabilities");
    Path text =
        Goldens.copy("blip-itm")
            .tensors("text_proj.weight", weight -> weight.mul(-1))
            .write(folder.resolve("text"));
    assertThat(named(verify(text, "blip-itm"), Verdict.FAIL))
        .contains("text_features", "itc_scores", "itc")
        .doesNotContain("itm_logits", "image_features");
    Path across =
        Goldens.copy("blip-itm")
            .tensors("layer.1.crossattention.self.query.weight", weight -> weight.mul(1.01))
            .write(folder.resolve("across"));
    assertThat(named(verify(across, "blip-itm"), Verdict.FAIL))
        .contains("itm.cross_attentions.1", "itm.grad_cross_attentions.0", "itm_logits")
        .doesNotContain("itm.cross_attentions.0", "itc_scores", "itm.hidden_states.1");
  }

  /// Rows of words pass their own network, and queries theirs.
  @ParameterizedTest
  @CsvSource({
    "layer.0.output.LayerNorm.weight,itc_text.hidden_states.1,itc_image.hidden_states.1",
    "layer.0.output_query.LayerNorm.weight,itc_image.hidden_states.1,itc_text.hidden_states.1"
  })
  void wordsAndQueriesAreToldApart(String tensor, String wrong, String right) {
    Path changed =
        Goldens.copy("blip2-itm")
            .tensors(tensor, weight -> weight.mul(1.1))
            .write(folder.resolve("changed"));
    assertThat(named(verify(changed, "blip2-itm"), Verdict.FAIL))
        .contains(wrong, "itm.hidden_states.1")
        .doesNotContain(right);
  }

  /// Rows beyond the text that the reader has are no part of it, and layers that it has not are
  /// failures, not gaps.
  @Test
  void fewerLayersFail() {
    Path flat =
        Goldens.copy("blip-itm")
            .names(name -> name.replace("layer.2.", "unread.2."))
            .json("config.json", json -> json.withObject("text_config").put("num_hidden_layers", 2))
            .write(folder.resolve("flat"));
    assertThatThrownBy(() -> verify(flat, "blip-itm"))
        .isInstanceOfSatisfying(
            LynceusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_CHECKPOINT))
        .hasMessageContaining("unread.2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"itm_head.bias", "text_encoder.encoder.layer.1.crossattention.self.key.bias"})
  void whatIsAbsentIsNamed(String tensor) {
    Path lacking =
        Goldens.copy("blip-itm")
            .names(name -> name.equals(tensor) ? "other." + name : name)
            .write(folder.resolve("lacking"));
    assertThatThrownBy(() -> verify(lacking, "blip-itm"))
        .isInstanceOfSatisfying(
            LynceusException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_CHECKPOINT))
        .hasMessageContaining(tensor);
  }

  /// A tensor of another shape is told by its name.
  @Test
  void anotherShapeIsNamed() {
    Path narrow =
        Goldens.copy("blip2-itm")
            .tensors("text_projection.weight", weight -> narrow(weight))
            .write(folder.resolve("narrow"));
    assertThatThrownBy(() -> verify(narrow, "blip2-itm"))
        .hasMessageContaining("text_projection.weight");
  }

  private static Tensor narrow(Tensor weight) {
    return weight.narrow(0, 0, weight.size(0) - 1);
  }
}
