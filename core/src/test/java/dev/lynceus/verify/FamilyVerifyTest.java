package dev.lynceus.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `models verify` holds on all reference values of families that take pictures: every value is
/// compared but those that only say what the reference chose.
class FamilyVerifyTest {

  @ParameterizedTest
  @ValueSource(strings = {"vipllava", "internvl"})
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
        .contains("head_increase", "head_pos_increase", "best.pos_increase", "avg_attention_map")
        .contains("trace.restore_prob", "trace.restore_embed_prob", "knockout.all_layers_prob");
    assertThat(report.checks())
        .filteredOn(c -> c.name().endsWith("pixel_values") || c.name().equals("input_ids"))
        .hasSizeGreaterThanOrEqualTo(3)
        .allMatch(c -> c.absolute() == 0);
    assertThat(report.checks())
        .filteredOn(c -> c.verdict() == Verdict.SKIPPED)
        .extracting(Check::name)
        .containsExactly("trace.positions");
  }

  @ParameterizedTest
  @ValueSource(strings = {"blip2-opt", "instructblip-vicuna"})
  void verifyHoldsOnQueries(String family) {
    VerificationReport report =
        Verification.run(
            Goldens.checkpoint(family), Goldens.reference(family), VerificationOptions.DEFAULT);
    assertThat(report.checks()).allMatch(c -> c.verdict() == Verdict.PASS);
    assertThat(report.checks())
        .extracting(Check::name)
        .contains("qformer.hidden_states.0", "qformer.last_hidden_state", "qformer.answer_map")
        .contains("qformer.cross_attentions.2", "qformer.self_attentions.3")
        .contains("query_zero.query_embedding.logprobs", "query_zero.projected.target_change");
    assertThat(report.checks())
        .filteredOn(c -> c.name().endsWith("pixel_values") || c.name().endsWith("input_ids"))
        .allMatch(c -> c.absolute() == 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"blip-vqa", "blip-caption"})
  void verifyHoldsOnDecodersThatReadPictures(String family) {
    VerificationReport report =
        Verification.run(
            Goldens.checkpoint(family), Goldens.reference(family), VerificationOptions.DEFAULT);
    assertThat(report.checks()).noneMatch(c -> c.verdict() == Verdict.FAIL);
    assertThat(report.checks())
        .filteredOn(c -> c.verdict() == Verdict.SKIPPED)
        .allMatch(c -> c.name().startsWith("noise."));
    assertThat(report.checks())
        .extracting(Check::name)
        .contains("decoder.hidden_states.4", "decoder.cross_attentions.3", "generated_ids")
        .contains(
            family.equals("blip-vqa")
                ? new String[] {
                  "question.hidden_states.4",
                  "trace.image.encoder_cross_window3",
                  "trace.question.encoder_mlp_term",
                  "trace.shrink.decoder_layer"
                }
                : new String[] {"token_logprobs"});
  }
}
