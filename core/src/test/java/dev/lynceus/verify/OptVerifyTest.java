package dev.lynceus.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.tap.Capture;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// OPT against the reference: the usual form, whose increases and lenses were computed elsewhere by
/// their formulas for a layer norm, and one with a narrow embedding, without biases and weights of
/// norms.
class OptVerifyTest {
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

  @Test
  void theUsualForm() {
    VerificationReport report = verify(Goldens.checkpoint("opt"), "opt");
    assertThat(named(report, Verdict.FAIL)).isEmpty();
    assertThat(named(report, Verdict.SKIPPED)).isEmpty();
    assertThat(named(report, Verdict.PASS))
        .contains("lm.inputs_embeds", "lm.hidden_states.3", "logits", "generated_ids")
        .contains("grad.top_logit_wrt_inputs_embeds", "lm.attentions.2")
        .contains("head_increase", "attn_increase", "ffn_increase", "head_pos_increase")
        .contains("head_increase_config_eps", "logit_lens.target_prob", "logit_lens.last.probs");
  }

  @Test
  void aNarrowEmbedding() {
    VerificationReport report = verify(Goldens.checkpoint("opt-narrow"), "opt-narrow");
    assertThat(named(report, Verdict.FAIL)).isEmpty();
    assertThat(named(report, Verdict.SKIPPED)).containsExactly("lm.hidden_states.3");
    assertThat(named(report, Verdict.PASS)).contains("logits", "generated_ids");
  }

  /// Each wrong reading fails where it is wrong.
  @Test
  void wrongReadingsFail() {
    Path flat =
        Goldens.copy("opt")
            .tensors("embed_positions.weight", OptVerifyTest::oneRowOn)
            .write(folder.resolve("shifted"));
    assertThat(named(verify(flat, "opt"), Verdict.FAIL)).contains("lm.inputs_embeds");
    Path biased =
        Goldens.copy("opt")
            .tensors("decoder.final_layer_norm.bias", bias -> bias.mul(0))
            .write(folder.resolve("biased"));
    assertThat(named(verify(biased, "opt"), Verdict.FAIL))
        .contains("lm.hidden_states.3", "logits", "head_increase")
        .doesNotContain("lm.block_output.2");
    Path silu =
        Goldens.copy("opt")
            .json("config.json", json -> json.put("activation_function", "silu"))
            .write(folder.resolve("silu"));
    assertThat(named(verify(silu, "opt"), Verdict.FAIL)).contains("lm.block_output.0");
  }

  /// Positions read from another offset.
  private static Tensor oneRowOn(Tensor table) {
    try (Scope scope = Scope.open()) {
      int rows = (int) table.size(0);
      int[] moved = new int[rows];
      for (int row = 0; row < rows; row++) {
        moved[row] = (row + 1) % rows;
      }
      return scope.keep(table.indexSelect(0, Tensor.indices(moved)));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "do_layer_norm_before, false",
    "_remove_final_layer_norm, true",
    "activation_function, swosh"
  })
  void whatIsNotComputedIsRefusedByName(String key, String value) {
    Path changed =
        Goldens.copy("opt")
            .json(
                "config.json",
                json -> {
                  if (key.equals("activation_function")) {
                    json.put(key, value);
                  } else {
                    json.put(key, Boolean.parseBoolean(value));
                  }
                })
            .write(folder.resolve(key));
    assertThatThrownBy(() -> LoadedModel.load(changed, LoadOptions.DEFAULT).close())
        .isInstanceOfSatisfying(
            LynceusException.class,
            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.UNSUPPORTED_MODEL))
        .hasMessageContaining(key);
  }

  @Test
  void positionsThatWereNeverLearnedAreRefused() {
    LoadOptions any = LoadOptions.DEFAULT.reach(LoadOptions.Reach.ANY);
    try (LoadedModel model = LoadedModel.load(Goldens.checkpoint("opt"), any)) {
      Prompt longer = model.raw("dog ".repeat(130));
      assertThatThrownBy(() -> model.run(longer, Capture.NONE).close())
          .isInstanceOf(LynceusException.class)
          .hasMessageContaining("the model has learned 128")
          .extracting(refused -> ((LynceusException) refused).nextStep())
          .asString()
          .doesNotContain("--any-length");
    }
  }
}
