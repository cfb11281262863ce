package dev.lynceus.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// Gemma 3 against the reference, and who sees whom: visual tokens of one view each other, words
/// what came before them, layers with a window no further than it.
class Gemma3VerifyTest {
  @TempDir private Path folder;

  private static VerificationReport verify(Path checkpoint) {
    return Verification.run(checkpoint, Goldens.reference("gemma3"), VerificationOptions.DEFAULT);
  }

  private static List<String> named(VerificationReport report, Verdict verdict) {
    return report.checks().stream()
        .filter(check -> check.verdict() == verdict)
        .map(Check::name)
        .toList();
  }

  @Test
  void verifyHolds() {
    VerificationReport report = verify(Goldens.checkpoint("gemma3"));
    assertThat(named(report, Verdict.FAIL)).isEmpty();
    assertThat(named(report, Verdict.SKIPPED)).isEmpty();
    assertThat(named(report, Verdict.PASS))
        .contains("pixel_values", "token_type_ids", "image_features", "lm.attentions.3")
        .contains("logits", "generated_ids", "chat_template_example");
    assertThat(report.checks()).anyMatch(c -> c.file().equals("expected_two_images.safetensors"));
  }

  /// Each wrong reading fails where it is wrong, and not before.
  @ParameterizedTest
  @CsvSource({
    "query_pre_attn_scalar, 16, lm.attentions.0, lm.hidden_states.0",
    "rope_local_base_freq, 1000000.0, lm.attentions.0, lm.hidden_states.0",
    "rope_theta, 10000.0, lm.attentions.2, lm.block_output.1",
    "sliding_window, 4096, lm.attentions.0, lm.hidden_states.0",
    "sliding_window_pattern, 4, lm.attentions.2, lm.block_output.1",
  })
  void wrongReadingsFail(String key, double value, String wrong, String right) {
    Path changed =
        Goldens.copy("gemma3")
            .json(
                "config.json",
                json -> {
                  ObjectNode text = (ObjectNode) json.get("text_config");
                  if (value == Math.rint(value) && !key.startsWith("rope")) {
                    text.put(key, (int) value);
                  } else {
                    text.put(key, value);
                  }
                })
            .write(folder.resolve(key));
    assertThat(named(verify(changed), Verdict.FAIL)).contains(wrong).doesNotContain(right);
  }

  @Test
  void withoutItsFactorTheGlobalRotationIsAnother() {
    Path changed =
        Goldens.copy("gemma3")
            .json(
                "config.json",
                json -> ((ObjectNode) json.get("text_config")).remove("rope_scaling"))
            .write(folder.resolve("plain"));
    assertThat(named(verify(changed), Verdict.FAIL))
        .contains("lm.attentions.2")
        .doesNotContain("lm.attentions.0", "lm.block_output.1");
  }

  /// A processor that is not its own may pan and scan: the crops come after the whole, with words
  /// between, and see each other no more than pictures do.
  @Test
  void cropsComeAfterTheWhole() {
    Path panning = panning();
    VerificationReport report =
        Verification.run(
            panning, Path.of("src/test/resources/gemma3-crops"), VerificationOptions.DEFAULT);
    assertThat(named(report, Verdict.FAIL)).isEmpty();
    assertThat(named(report, Verdict.PASS))
        .contains("pixel_values", "input_ids", "token_type_ids", "logits_last", "generated_ids");
    try (LoadedModel model = LoadedModel.load(panning, LoadOptions.DEFAULT)) {
      RgbImage wide = RgbImage.of(151, 50, new byte[3 * 151 * 50]);
      Prompt prompt = model.prompt("What is it?", model.picture("p", wide));
      TokenMap tokens = prompt.tokens();
      assertThat(tokens.grids().getFirst().tiles()).hasSize(4);
      assertThat(model.views(prompt.pictures())).hasSize(4);
      int[] image = tokens.image(0);
      assertThat(image).hasSize(4 * 16);
      for (int tile = 0; tile < 4; tile++) {
        for (int p = 0; p < 16; p++) {
          String label = "image[0].tile[%d].row[%d].col[%d]".formatted(tile, p / 4, p % 4);
          assertThat(tokens.label(image[16 * tile + p])).isEqualTo(label);
          assertThat(tokens.find(label)).containsExactly(image[16 * tile + p]);
        }
      }
      // Crops of 51, 51 and 49 columns beside each other, of which the whole is made.
      double[] lefts = {0, 0, 51, 102};
      double[] widths = {151, 51, 51, 49};
      for (int tile = 0; tile < 4; tile++) {
        TokenMap.Tile one = tokens.views().get(tile).tile();
        assertThat(one.pixels(0, 0)).containsExactly(lefts[tile], 0, widths[tile] / 4, 12.5);
      }
    }
  }

  private Path panning() {
    return Goldens.copy("gemma3")
        .json(
            "preprocessor_config.json",
            json ->
                json.put("do_pan_and_scan", true)
                    .put("pan_and_scan_min_crop_size", 20)
                    .put("pan_and_scan_max_num_crops", 4)
                    .put("pan_and_scan_min_ratio_to_activate", 1.2))
        .json("processor_config.json", json -> json.put("processor_class", "PanningProcessor"))
        .write(folder.resolve("panning"));
  }

  private static Prompt two(LoadedModel model) {
    byte[] samples = new byte[3 * 40 * 30];
    new Random(4).nextBytes(samples);
    RgbImage noise = RgbImage.of(40, 30, samples);
    return model.raw(
        "<start_of_image> and <start_of_image>What is it?",
        model.picture("a", noise),
        model.picture("b", RgbImage.of(8, 8, new byte[3 * 8 * 8])));
  }

  @Test
  void tokensOfAPictureSeeEachOther() {
    try (LoadedModel model = LoadedModel.load(Goldens.checkpoint("gemma3"), LoadOptions.DEFAULT);
        Scope scope = Scope.open();
        Run run = model.run(two(model), Capture.of(Capture.request(Point.PATTERN)))) {
      int[] first = run.tokens().image(0);
      int[] second = run.tokens().image(1);
      int last = run.tokens().length() - 1;
      for (int l : new int[] {0, 2}) {
        int layer = l;
        boolean local = layer == 0;
        Tensor pattern = run.get(Point.PATTERN, layer).select(0, 0).select(0, 1);
        // A token sees all that come after it in its picture, and none of the next.
        assertThat(seen(pattern, first[0], first[15])).isTrue();
        assertThat(seen(pattern, first[15], second[0])).isFalse();
        assertThat(seen(pattern, second[0], second[15])).isTrue();
        assertThat(seen(pattern, second[0] - 1, second[0])).isFalse();
        // A window of ten positions ends in a picture, too.
        assertThat(seen(pattern, first[15], first[5])).isEqualTo(!local);
        assertThat(seen(pattern, first[15], first[6])).isTrue();
        assertThat(seen(pattern, second[0], first[0])).isEqualTo(!local);
        assertThat(seen(pattern, last, first[0])).isEqualTo(!local);
      }
      assertThat(run.seesLater(first[0])).isTrue();
      assertThat(run.seesLater(first[15])).isFalse();
      assertThat(run.seesLater(last)).isFalse();
    }
  }

  private static boolean seen(Tensor pattern, int row, int column) {
    return pattern.select(0, row).narrow(0, column, 1).item() > 0;
  }

  /// A replay of a change inside the second picture begins where that picture does: positions of it
  /// before the changed one see the change, those of the first picture do not.
  @Test
  void aReplayBeginsWhereThePictureDoes() {
    Capture plan = Capture.of(Capture.request(Point.RESID_PRE), Capture.request(Point.RESID_POST));
    try (LoadedModel model = LoadedModel.load(Goldens.checkpoint("gemma3"), LoadOptions.DEFAULT);
        Scope scope = Scope.open();
        Run run = model.run(two(model), plan)) {
      int[] second = run.tokens().image(1);
      Intervention change =
          Intervention.at(Point.RESID_POST, 0, new Op.Scale(3)).at(Positions.of(second[9]));
      Capture after =
          Capture.of(Capture.request(Point.RESID_POST).layers(3).at(Positions.from(second[0])));
      try (Run replayed = run.replay(List.of(change), after);
          Run whole = model.run(two(model), plan, change)) {
        Tensor ours = replayed.get(Point.RESID_POST, 3);
        Tensor theirs =
            whole.get(Point.RESID_POST, 3).narrow(1, second[0], run.tokens().length() - second[0]);
        assertThat(ours.sub(theirs).abs().max().item()).isLessThan(2e-5);
        double[] moved =
            whole
                .get(Point.RESID_POST, 3)
                .sub(run.get(Point.RESID_POST, 3))
                .abs()
                .amax(-1)
                .reshape(-1)
                .toDoubles();
        assertThat(Arrays.copyOf(moved, second[0])).containsOnly(0);
        assertThat(moved[second[0]]).isPositive();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "use_bidirectional_attention, true",
    "sliding_window, null",
    "mm_tokens_per_image, 15",
    "final_logit_softcapping, 30.0"
  })
  void whatIsNotComputedIsRefusedByName(String key, String value) {
    boolean alone = key.startsWith("final");
    Path changed =
        Goldens.copy(alone ? "gemma3-text" : "gemma3")
            .json(
                "config.json",
                json -> {
                  ObjectNode holder =
                      alone || key.startsWith("mm_") ? json : (ObjectNode) json.get("text_config");
                  switch (value) {
                    case "null" -> holder.putNull(key);
                    case "true" -> holder.put(key, true);
                    default -> holder.put(key, Double.parseDouble(value));
                  }
                  if (key.startsWith("mm_")) {
                    holder.put(key, 15);
                  }
                })
            .write(folder.resolve(key));
    assertThatThrownBy(() -> LoadedModel.load(changed, LoadOptions.DEFAULT).close())
        .isInstanceOfSatisfying(
            LynceusException.class,
            refused ->
                assertThat(refused.code())
                    .isIn(ErrorCode.UNSUPPORTED_MODEL, ErrorCode.BAD_CHECKPOINT))
        .hasMessageContaining(key);
  }

  @Test
  void pooledPatchesThatFillNoTokenAreOutsideOfTheMap() {
    // Eight by eight patches, three by three tokens of two by two: six by six patches are read.
    Path changed =
        Goldens.copy("gemma3")
            .json("config.json", json -> json.put("mm_tokens_per_image", 9))
            .write(folder.resolve("nine"));
    assertThatThrownBy(() -> LoadedModel.load(changed, LoadOptions.DEFAULT).close())
        .hasMessageContaining("mm_tokens_per_image = 9");
  }

  @Test
  void aPlaceholderTooFewIsTold() {
    try (LoadedModel model = LoadedModel.load(Goldens.checkpoint("gemma3"), LoadOptions.DEFAULT)) {
      RgbImage grey = RgbImage.of(8, 8, new byte[3 * 8 * 8]);
      assertThatThrownBy(() ->
              model.raw(
                  "<start_of_image> What?", model.picture("a", grey), model.picture("b", grey)))
          .hasMessage("the prompt has 1 image placeholder for 2 pictures");
      assertThatThrownBy(() -> model.prompt("What is <start_of_image>?", model.picture("a", grey)))
          .hasMessageContaining("which stands for a picture");
      assertThatThrownBy(
              () -> model.prompt("What is <image_soft_token>?", model.picture("a", grey)))
          .hasMessageContaining("which stands for a picture");
    }
  }
}
