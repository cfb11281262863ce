package dev.lynceus.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/// Readers against the reference: what they answer, every stage, gradients, and what attention
/// between question and passage is worth, layer by layer; and wrong readings, each of which fails.
class ReaderVerifyTest {
  @TempDir private Path folder;

  private static VerificationReport verify(Path checkpoint, String family) {
    return Verification.run(checkpoint, Goldens.reference(family), VerificationOptions.DEFAULT);
  }

  private static List<String> failed(Path checkpoint, String family) {
    return verify(checkpoint, family).checks().stream()
        .filter(check -> check.verdict() == Verdict.FAIL)
        .map(Check::name)
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert-qa", "electra-qa", "albert-qa", "bert-mlm"})
  void everyValueIsCompared(String family) {
    VerificationReport report = verify(Goldens.checkpoint(family), family);
    assertThat(report.checks()).allMatch(check -> check.verdict() == Verdict.PASS);
    List<String> names = report.checks().stream().map(Check::name).toList();
    assertThat(names).contains("input_ids", "token_type_ids", "hidden_states.4", "attentions.3");
    if (family.equals("bert-mlm")) {
      assertThat(names)
          .contains("logits", "top5.1.prob", "mask_positions", "pseudo_log_likelihood", "filled");
    } else {
      assertThat(names)
          .contains("start_logits", "end_logits", "best_span_tokens", "best_span_probability")
          .contains("best_span_text_from_passage", "grad.start_logit_wrt_word_embeddings");
    }
    if (family.equals("bert-qa")) {
      assertThat(names)
          .contains("ig.start_probability", "zones.start_logits", "zones_one_head.end_logits")
          .contains("zones_open_rows.start_logits", "all_context_zero.end_logits", "zone_mass")
          .contains("all_output_zero.end_logits", "empty_row.start_logits");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "bert-qa, token_type_embeddings.weight",
    "electra-qa, token_type_embeddings.weight",
    "albert-qa, token_type_embeddings.weight",
    "bert-mlm, token_type_embeddings.weight",
    "electra-qa, embeddings_project.bias",
    "albert-qa, embedding_hidden_mapping_in.bias",
    "bert-mlm, transform.dense.bias",
    "bert-mlm, predictions.bias",
    "bert-qa, qa_outputs.bias"
  })
  void whatIsLeftOutIsMissed(String family, String tensor) {
    UnaryOperator<Tensor> nothing = given -> given.mul(0);
    Path without = Goldens.copy(family).tensors(tensor, nothing).write(folder.resolve("without"));
    assertThat(failed(without, family)).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({"bert-qa, gelu_new", "albert-qa, gelu", "bert-mlm, gelu_new", "electra-qa, gelu_new"})
  void anotherFunctionFails(String family, String function) {
    Path other =
        Goldens.copy(family)
            .json("config.json", json -> json.put("hidden_act", function))
            .write(folder.resolve("other"));
    assertThat(failed(other, family)).contains("hidden_states.4");
  }

  /// Norms under the names that they had first, and under those that they have now.
  @Test
  void oldNamesOfNormsAreTheNewOnes() {
    Path renamed =
        Goldens.copy("bert-mlm")
            .names(name -> name.replace(".gamma", ".weight").replace(".beta", ".bias"))
            .write(folder.resolve("renamed"));
    assertThat(verify(renamed, "bert-mlm").passed()).isTrue();
  }

  /// Where words are read off by a map of its own, its own bias counts, not the one beside it.
  @Test
  void theBiasIsThatOfTheMap() {
    Path untied =
        Goldens.copy("bert-mlm")
            .names(name -> name.replace("predictions.bias", "predictions.decoder.bias"))
            .json("config.json", json -> json.put("tie_word_embeddings", false))
            .write(folder.resolve("untied"));
    assertThatThrownBy(() -> LoadedModel.load(untied, LoadOptions.DEFAULT).close())
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("cls.predictions.decoder.weight");
    Path tied =
        Goldens.copy("bert-mlm")
            .names(name -> name.replace("predictions.bias", "predictions.decoder.bias"))
            .write(folder.resolve("tied"));
    assertThat(verify(tied, "bert-mlm").passed()).isTrue();
  }

  /// The reference gives every layer its own weights where there are as many groups as layers.
  @Test
  void groupsOfSharedLayersAreToldApart() {
    Path four =
        Goldens.copy("albert-qa")
            .json("config.json", json -> json.put("num_hidden_groups", 2))
            .write(folder.resolve("groups"));
    assertThatThrownBy(() -> LoadedModel.load(four, LoadOptions.DEFAULT).close())
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("albert_layer_groups.1");
  }

  @ParameterizedTest
  @CsvSource({
    "bert-qa, position_embedding_type, \"relative_key\"",
    "electra-qa, position_embedding_type, \"relative_key_query\"",
    "bert-mlm, is_decoder, true",
    "bert-qa, add_cross_attention, true",
    "albert-qa, inner_group_num, 2",
    "albert-qa, hidden_act, \"swosh\""
  })
  void whatIsNotComputedIsRefusedByName(String family, String key, String value) {
    Path changed =
        Goldens.copy(family)
            .json("config.json", json -> put(json, key, value))
            .write(folder.resolve("changed"));
    assertThatThrownBy(() -> LoadedModel.load(changed, LoadOptions.DEFAULT).close())
        .isInstanceOfSatisfying(
            LynceusException.class,
            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.UNSUPPORTED_MODEL))
        .hasMessageContaining(key);
  }

  private static void put(ObjectNode json, String key, String value) {
    json.set(key, tools.jackson.databind.json.JsonMapper.shared().readTree(value));
  }

  @Test
  void anEncoderWithoutAHeadIsRefusedByWhatItLacks() {
    Path headless =
        Goldens.copy("bert-qa")
            .names(name -> name.replace("qa_outputs", "classifier"))
            .write(folder.resolve("headless"));
    assertThatThrownBy(() -> LoadedModel.load(headless, LoadOptions.DEFAULT).close())
        .isInstanceOfSatisfying(
            LynceusException.class,
            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.UNSUPPORTED_MODEL))
        .hasMessageContaining("no head that answers");
  }
}
