package dev.lynceus.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.image.ImageFileReader;
import dev.lynceus.method.ExplainOptions;
import dev.lynceus.method.Explainer;
import dev.lynceus.method.Explanation;
import dev.lynceus.model.Picture;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The page of a model that sees a picture as a whole and in tiles, from the checkpoint to the
/// file.
class TiledPageTest {
  private static final Path GOLDEN = Path.of("../core/src/test/resources/goldens/llava-next");

  @TempDir Path folder;

  @Test
  void thePageShowsTheWholeAndTheTiles() throws Exception {
    try (LoadedModel model = LoadedModel.load(GOLDEN.resolve("hub"), LoadOptions.DEFAULT)) {
      Picture photo =
          model.picture(
              "photo.png", new ImageFileReader().read(GOLDEN.resolve("images/photo.png")));
      Explanation why =
          new Explainer(model, ExplainOptions.DEFAULT.maxTokens(3).words(2), Progress.NONE)
              .explain(model.raw("[INST] <image>\nWhat color is the dog? [/INST]", photo));
      List<PagePicture> pictures =
          model.views(List.of(photo)).stream()
              .map(v -> new PagePicture(v.original().toBufferedImage(), v.seen().toBufferedImage()))
              .toList();
      Path page = folder.resolve("why.html");
      ExplanationPage.write(page, why, pictures);
      MapImages.write(folder.resolve("maps"), why, pictures);

      assertThat(Files.readString(page))
          .contains("photo.png (whole)", "photo.png (tiles)", "row[0].break");
      assertThat(pictures.get(1).seen().getWidth()).isEqualTo(112);
      assertThat(pictures.get(1).seen().getHeight()).isEqualTo(84);
      try (var maps = Files.list(folder.resolve("maps"))) {
        assertThat(maps.count()).isGreaterThanOrEqualTo(2 * 4);
      }
    }
  }
}
