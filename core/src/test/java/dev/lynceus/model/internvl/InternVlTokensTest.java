package dev.lynceus.model.internvl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.image.RgbImage;
import dev.lynceus.model.TiledTokens;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What each visual token of a picture in tiles stands for: every pixel of the picture belongs to
/// one patch of the tiles and to one of the whole, and every position leads back to its label.
class InternVlTokensTest {
  private static final Path CHECKPOINT = Path.of("src/test/resources/goldens/internvl/hub");

  @ParameterizedTest
  @CsvSource({"40, 30", "30, 40", "96, 96", "300, 40", "40, 300", "7, 5", "1, 1", "97, 193"})
  void everyPixelBelongsToOnePatchOfEachView(int width, int height) {
    try (LoadedModel model = LoadedModel.load(CHECKPOINT, LoadOptions.DEFAULT)) {
      TiledTokens.areExact(model, width, height);
    }
  }

  /// Two by one tiles of two by two tokens, then the whole: four tokens of the upper tile, four of
  /// the lower, four of the whole.
  @Test
  void tokensComeTileByTileAndTheWholeLast() {
    try (LoadedModel model = LoadedModel.load(CHECKPOINT, LoadOptions.DEFAULT)) {
      RgbImage grey = RgbImage.of(50, 100, new byte[3 * 50 * 100]);
      Prompt prompt = model.prompt("What is it?", model.picture("p", grey));
      TokenMap tokens = prompt.tokens();
      assertThat(Arrays.stream(tokens.image(0)).mapToObj(tokens::label).toList())
          .containsExactly(
              "image[0].tile[0].row[0].col[0]",
              "image[0].tile[0].row[0].col[1]",
              "image[0].tile[0].row[1].col[0]",
              "image[0].tile[0].row[1].col[1]",
              "image[0].tile[0].row[2].col[0]",
              "image[0].tile[0].row[2].col[1]",
              "image[0].tile[0].row[3].col[0]",
              "image[0].tile[0].row[3].col[1]",
              "image[0].tile[1].row[0].col[0]",
              "image[0].tile[1].row[0].col[1]",
              "image[0].tile[1].row[1].col[0]",
              "image[0].tile[1].row[1].col[1]");
    }
  }

  /// A change of the pixels of one tile changes the visual tokens of that tile and of the whole,
  /// and no others.
  @Test
  void aTileIsSeenByItsOwnTokens() {
    byte[] samples = new byte[3 * 56 * 112];
    new Random(3).nextBytes(samples);
    byte[] other = samples.clone();
    // The lower half of a picture of twice its width in height.
    Arrays.fill(other, samples.length / 2 + 3 * 56 * 8, samples.length, (byte) 0);
    try (LoadedModel model = LoadedModel.load(CHECKPOINT, LoadOptions.DEFAULT);
        Scope scope = Scope.open()) {
      double[] changed =
          visual(model, RgbImage.of(56, 112, samples))
              .sub(visual(model, RgbImage.of(56, 112, other)))
              .abs()
              .amax(-1)
              .reshape(-1)
              .toDoubles();
      assertThat(changed).hasSize(12);
      assertThat(Arrays.copyOfRange(changed, 0, 4)).containsOnly(0);
      assertThat(Arrays.copyOfRange(changed, 4, 12)).doesNotContain(0);
    }
  }

  private static Tensor visual(LoadedModel model, RgbImage image) {
    Prompt prompt = model.prompt("What is it?", model.picture("p", image));
    try (Run run = model.run(prompt, Capture.of(Capture.request(Point.PROJECTOR_PACKED)))) {
      return run.get(Point.PROJECTOR_PACKED, 0).copy();
    }
  }
}
