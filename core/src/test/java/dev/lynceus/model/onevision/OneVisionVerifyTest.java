package dev.lynceus.model.onevision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.verify.Check;
import dev.lynceus.verify.Verdict;
import dev.lynceus.verify.Verification;
import dev.lynceus.verify.VerificationOptions;
import dev.lynceus.verify.VerificationReport;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// `models verify` holds on the reference values of LLaVA-OneVision: one picture with pooled tiles,
/// a small one, two padded to squares, two in tiles. The video is refused by name.
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
        .containsExactlyInAnyOrder(
            "methods.safetensors trace.positions", "expected_video.json prompt");
    assertThat(report.find("expected_video.json", "prompt").orElseThrow().reason())
        .contains("<video>", "not read");
  }

  private static List<String> names(VerificationReport report, String prompt) {
    return report.checks().stream()
        .filter(c -> c.verdict() == Verdict.PASS)
        .filter(c -> c.file().equals(prompt + ".json") || c.file().equals(prompt + ".safetensors"))
        .map(Check::name)
        .toList();
  }
}
