package dev.lynceus.model.idefics3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.image.RgbImage;
import dev.lynceus.model.TiledTokens;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.tap.TokenMap;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What each visual token of a picture in tiles stands for: every pixel of the picture belongs to
/// one patch of the tiles and to one of the whole, and every position leads back to its label.
class Idefics3TokensTest {
  private static final Path CHECKPOINT = Path.of("src/test/resources/goldens/smolvlm/hub");

  @ParameterizedTest
  @CsvSource({"40, 30", "30, 40", "96, 96", "300, 40", "40, 300", "7, 5", "1, 1", "97, 193"})
  void everyPixelBelongsToOnePatchOfEachView(int width, int height) {
    try (LoadedModel model = LoadedModel.load(CHECKPOINT, LoadOptions.DEFAULT)) {
      TiledTokens.areExact(model, width, height);
    }
  }

  @ParameterizedTest
  @CsvSource({"96, 96, 0"})
  void tokensComeTileByTile(int width, int height, int first) {
    try (LoadedModel model = LoadedModel.load(CHECKPOINT, LoadOptions.DEFAULT)) {
      RgbImage grey = RgbImage.of(width, height, new byte[3 * width * height]);
      TokenMap tokens = model.prompt("What is it?", model.picture("p", grey)).tokens();
      TokenMap.View tiles = tokens.views().get(first);
      // Two by two tiles of two by two tokens: the second tile begins right of the first.
      assertThat(Arrays.stream(tiles.tokens()).mapToObj(tokens::label).toList())
          .startsWith(
              "image[0].tile[0].row[0].col[0]",
              "image[0].tile[0].row[0].col[1]",
              "image[0].tile[0].row[1].col[0]",
              "image[0].tile[0].row[1].col[1]",
              "image[0].tile[0].row[0].col[2]");
    }
  }
}
