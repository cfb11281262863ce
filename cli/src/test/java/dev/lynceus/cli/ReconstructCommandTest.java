package dev.lynceus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `lynceus reconstruct`.
class ReconstructCommandTest {
  private static final String GOLDENS = "../core/src/test/resources/goldens/";
  private static final String MODEL = "--model=" + GOLDENS + "vit-mae/hub";
  private static final String PICTURE = "../samples/frog-umbrella-car.png";

  @TempDir private Path folder;

  @Test
  void aPageAndATable() throws IOException {
    Path page = folder.resolve("made.html");
    Shell.Result done =
        Shell.lynceus("reconstruct", MODEL, "--masks=2", "-o", page.toString(), PICTURE);
    assertThat(done.status()).as(done.err()).isZero();
    assertThat(done.out()).contains("without looking").contains("9 of 36").contains("page: ");
    assertThat(Files.readString(page))
        .contains("What it made")
        .contains("Both together")
        .contains("sees 25 % of the patches")
        .doesNotContain("http:")
        .contains("data:image/png");
  }

  @Test
  void theNumbersHoldTogether() {
    Shell.Result done =
        Shell.lynceus(
            "reconstruct", MODEL, "--masks=2", "--seed=7", "--ratio=0.5", "--json", PICTURE);
    assertThat(done.status()).as(done.err()).isZero();
    JsonNode told = JsonMapper.shared().readTree(done.out());
    JsonNode masks = told.path("pictures").path(0).path("masks");
    assertThat(masks.size()).isEqualTo(2);
    assertThat(masks.path(1).path("seed").asInt()).isEqualTo(8);
    for (JsonNode mask : masks) {
      assertThat(mask.path("kept").size()).isEqualTo(18);
      double sum = 0;
      for (int patch = 0; patch < 36; patch++) {
        int one = patch;
        boolean kept = mask.path("kept").valueStream().anyMatch(p -> p.asInt() == one);
        sum += kept ? 0 : mask.path("patchLoss").path(patch).asDouble();
      }
      assertThat(mask.path("loss").asDouble()).isCloseTo(sum / 18, within(1e-9));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "vit-mae,--ratio=0,--ratio 0.0 is not above 0,2",
    "vit-mae,--ratio=1,Give a number above 0 and below 1,2",
    "vit-mae,--masks=0,--masks,2",
    "vit-mae,--argmax,--argmax is about answers,2",
    "blip-itm,--seed=1,a model for matching,5",
    "opt,--seed=1,makes no pixels,5"
  })
  void whatCannotBeIsRefused(String family, String option, String said, int status) {
    Shell.Result refused =
        Shell.lynceus("reconstruct", "--model=" + GOLDENS + family + "/hub", option, PICTURE);
    assertThat(refused.status()).as(refused.err()).isEqualTo(status);
    assertThat(refused.err()).contains(said);
  }

  @ParameterizedTest
  @CsvSource({"ask", "explain", "evidence"})
  void otherCommandsSayWhatItIsFor(String command) {
    Shell.Result refused = Shell.lynceus(command, MODEL, PICTURE, "What?");
    assertThat(refused.status()).isEqualTo(5);
    assertThat(refused.err()).contains("masked autoencoder").contains("lynceus reconstruct");
  }

  @Test
  void whatItIsMadeOf() {
    Shell.Result shown = Shell.lynceus("models", "show", GOLDENS + "vit-mae/hub");
    assertThat(shown.status()).as(shown.err()).isZero();
    assertThat(shown.out()).contains("75 % of the patches").contains("lynceus reconstruct");
    Shell.Result places = Shell.lynceus("models", "taps", GOLDENS + "vit-mae/hub");
    assertThat(places.out())
        .contains("pixels.blocks.{0-1}.attn.hook_pattern")
        .contains("[batch, 4, 37, 37]")
        .doesNotContain("hook_logits");
  }
}
