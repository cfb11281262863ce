package dev.lynceus.pupil;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.image.ImageFileReader;
import dev.lynceus.image.RgbImage;
import dev.lynceus.pupil.world.SceneRecipe;
import dev.lynceus.pupil.world.World;
import dev.lynceus.run.Domain;
import dev.lynceus.tensor.file.Checkpoint;
import dev.lynceus.text.Message;
import dev.lynceus.verify.Verification;
import dev.lynceus.verify.VerificationOptions;
import dev.lynceus.verify.VerificationReport;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Would catch files of the model of charts that are not those of its card, and one that runs
/// otherwise here than in the library whose layout it has.
class BundledChartsTest {
  private static final Path FIXTURE = Path.of("src/test/resources/charts");

  /// The values are those of transformers 5.18 in float32, for a question about a chart.
  @Test
  void everyStageIsThatOfTheReferenceLibrary() {
    VerificationReport report =
        Verification.run(
            new PupilCharts().folder(), FIXTURE, VerificationOptions.DEFAULT.pictures(FIXTURE));
    assertThat(report.checks()).hasSizeGreaterThan(30);
    assertThat(report.passed()).as(report.toString()).isTrue();
  }

  @Test
  void itIsKnownByItsFilesAndTellsWhatItWasNeverTaught() {
    RgbImage chart = new ImageFileReader().read(FIXTURE.resolve("chart.png"));
    RgbImage scene = new World(5, SceneRecipe.FREE).scene(0).image();
    try (Checkpoint checkpoint = Checkpoint.open(new PupilCharts().folder())) {
      Domain domain = Domain.of(checkpoint).orElseThrow();
      assertThat(outside(domain, List.of(chart))).isEmpty();
      assertThat(outside(domain, List.of(chart, chart))).hasSize(1);
      assertThat(outside(domain, List.of(chart.cropped(0, 0, 50, 50)))).hasSize(1);
      assertThat(outside(domain, List.of(scene))).hasSize(1);
      assertThat(domain.knows("dog")).isFalse();
    }
  }

  private static List<String> outside(Domain domain, List<RgbImage> pictures) {
    return domain.outside(
        List.of(Message.user(pictures.size(), "What is the value of K?")), pictures);
  }
}
