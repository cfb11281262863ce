package dev.lynceus.pupil;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.image.ImageFileReader;
import dev.lynceus.model.Picture;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.tap.Capture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleTest {
  @TempDir private Path cache;

  @Test
  void theModelAnswersEverySampleAsTheIndexSays() {
    try (LoadedModel model =
        LoadedModel.load(new Pupil(new ModelCache(cache)).folder(), LoadOptions.DEFAULT)) {
      for (Sample sample : Sample.all()) {
        Picture picture =
            model.picture(sample.file(), new ImageFileReader().read(sample.bytes(), sample.file()));
        for (Sample.Question question : sample.questions()) {
          try (Generation generation =
              model.generate(
                  model.prompt(question.question(), picture),
                  GenerationOptions.DEFAULT,
                  Capture.NONE)) {
            assertThat(generation.answer().text().strip())
                .as("%s: %s", sample.file(), question.question())
                .isEqualTo(question.answer());
          }
        }
      }
    }
  }

  @Test
  void thePicturesAtTheRootOfTheRepositoryAreSamples() throws IOException {
    for (Sample sample : Sample.all()) {
      Path copy = Path.of("../samples").resolve(sample.file());
      if (Files.exists(copy)) {
        assertThat(Files.readAllBytes(copy)).isEqualTo(sample.bytes());
      }
    }
    assertThat(Path.of("../samples/frog-umbrella-car.png")).exists();
  }
}
