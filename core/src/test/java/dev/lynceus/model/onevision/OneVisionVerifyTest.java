package dev.lynceus.model.onevision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.image.RgbImage;
import dev.lynceus.model.Picture;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.Video;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// `models verify` holds on the reference values of LLaVA-OneVision: one picture with pooled tiles,
/// a small one, two padded to squares, two in tiles, and the four frames of a video.
class OneVisionVerifyTest {
  private static final Path REFERENCE = Path.of("src/test/resources/goldens/llava-onevision");

  @Test
  void verifyHolds() {
    VerificationReport report =
        Verification.run(REFERENCE.resolve("hub"), REFERENCE, VerificationOptions.DEFAULT);

    assertThat(report.checks()).filteredOn(c -> c.verdict() == Verdict.FAIL).isEmpty();
    assertThat(report.passed()).isTrue();
    for (String prompt :
        List.of(
            "expected",
            "expected_small_image",
            "expected_two_images",
            "expected_two_images_tiled")) {
      assertThat(names(report, prompt))
          .as(prompt)
          .contains("input_ids", "batch_num_images", "image_sizes", "image_features")
          .contains("lm.inputs_embeds", "logits_last", "generated_ids", "tokens");
    }
    assertThat(names(report, "expected"))
        .contains("pixel_values", "logits", "vision.block_output.2", "lm.attentions.2");
    assertThat(names(report, "expected_two_images")).contains("pixel_values");
    assertThat(names(report, "image_cases"))
        .contains("second.png.pixel_values", "second.png.image_sizes");
    assertThat(names(report, "methods"))
        .contains("head_increase", "head_pos_increase", "best.pos_increase", "avg_attention_map")
        .contains("trace.restore_prob", "trace.corrupt_prob", "knockout.prob", "image_slots");
    assertThat(report.checks())
        .filteredOn(c -> c.name().endsWith("pixel_values") || c.name().equals("input_ids"))
        .hasSizeGreaterThan(6)
        .allMatch(c -> c.absolute() == 0);
    assertThat(report.checks())
        .filteredOn(c -> c.verdict() == Verdict.SKIPPED)
        .extracting(c -> c.file() + " " + c.name())
        .containsExactly("methods.safetensors trace.positions");
    assertThat(names(report, "expected_video"))
        .contains("pixel_values_videos", "input_ids", "tokens", "image_features")
        .contains("lm.inputs_embeds", "logits_last", "generated_ids");
  }

  /// Frames of 3 x 3 patches are pooled to 2 x 2 tokens; each position leads back to its frame, and
  /// a change of one frame changes its tokens and no others.
  @Test
  void framesAreToldApart() {
    try (LoadedModel model = LoadedModel.load(REFERENCE.resolve("hub"), LoadOptions.DEFAULT);
        Scope scope = Scope.open()) {
      List<RgbImage> frames = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        byte[] samples = new byte[3 * 30 * 20];
        new Random(i).nextBytes(samples);
        frames.add(RgbImage.of(30, 20, samples));
      }
      Prompt prompt = model.prompt("What is it?", Video.of(model, "v", frames));
      TokenMap tokens = prompt.tokens();
      int[] image = tokens.image(0);
      assertThat(image).hasSize(3 * 4 + 1);
      assertThat(tokens.views()).hasSize(3);
      for (int frame = 0; frame < 3; frame++) {
        for (int p = 0; p < 4; p++) {
          String label = "image[0].tile[%d].row[%d].col[%d]".formatted(frame, p / 2, p % 2);
          assertThat(tokens.label(image[4 * frame + p])).isEqualTo(label);
          assertThat(tokens.find(label)).containsExactly(image[4 * frame + p]);
        }
        assertThat(tokens.views().get(frame).tile().pixels(1, 1)).containsExactly(15, 10, 15, 10);
        assertThat(model.views(prompt.pictures()).get(frame).original())
            .isEqualTo(frames.get(frame));
      }
      Tensor one = visual(model, prompt);
      frames.set(1, frames.getFirst());
      Tensor other = visual(model, model.prompt("What is it?", Video.of(model, "v", frames)));
      double[] changed = one.sub(other).abs().amax(-1).reshape(-1).toDoubles();
      for (int p = 0; p < changed.length; p++) {
        assertThat(changed[p] != 0).as("token " + p).isEqualTo(p / 4 == 1);
      }
    }
  }

  private static Tensor visual(LoadedModel model, Prompt prompt) {
    try (Run run = model.run(prompt, Capture.of(Capture.request(Point.PROJECTOR_PACKED)))) {
      return run.get(Point.PROJECTOR_PACKED, 0).copy();
    }
  }

  @Test
  void aVideoStandsWhereThePromptSaysSo() {
    try (LoadedModel model = LoadedModel.load(REFERENCE.resolve("hub"), LoadOptions.DEFAULT)) {
      RgbImage grey = RgbImage.of(8, 8, new byte[3 * 8 * 8]);
      Picture video = Video.of(model, "v", List.of(grey, grey));
      Picture still = model.picture("p", grey);
      assertThat(model.raw("<image> then <video>\nWhat?", still, video).tokens().grids())
          .hasSize(2);
      assertThatThrownBy(() -> model.raw("<video> then <image>\nWhat?", still, video))
          .hasMessage(
              "the prompt holds <video> in place 1 of its pictures, and a picture is there");
      assertThatThrownBy(() -> model.raw("<image>\nWhat?", video))
          .hasMessage("the prompt holds <image> in place 1 of its pictures, and a video is there");
      assertThatThrownBy(() -> model.raw("<video>\nWhat?"))
          .hasMessageContaining("nothing is there");
      RgbImage wide = RgbImage.of(9, 8, new byte[3 * 9 * 8]);
      assertThatThrownBy(() -> Video.of(model, "v", List.of(grey, wide)))
          .hasMessageContaining("frame 2 of the video has 9 x 8 pixels");
    }
  }

  private static List<String> names(VerificationReport report, String prompt) {
    return report.checks().stream()
        .filter(c -> c.verdict() == Verdict.PASS)
        .filter(c -> c.file().equals(prompt + ".json") || c.file().equals(prompt + ".safetensors"))
        .map(Check::name)
        .toList();
  }
}
