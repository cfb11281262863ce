package dev.lynceus.pupil;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.image.ImageFileReader;
import dev.lynceus.image.RgbImage;
import dev.lynceus.pupil.world.Asker;
import dev.lynceus.pupil.world.Question;
import dev.lynceus.pupil.world.Scene;
import dev.lynceus.pupil.world.SceneRecipe;
import dev.lynceus.pupil.world.World;
import dev.lynceus.run.Domain;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.tap.Capture;
import dev.lynceus.tensor.file.Checkpoint;
import dev.lynceus.text.Message;
import dev.lynceus.verify.Verification;
import dev.lynceus.verify.VerificationOptions;
import dev.lynceus.verify.VerificationReport;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Would catch files that are not those of the card, and a model that runs otherwise here than in
/// the library whose layout it has.
class BundledBlipTest {
  private static LoadedModel model;

  @BeforeAll
  static void load() {
    model = LoadedModel.load(PupilBlip.NAME, LoadOptions.DEFAULT);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static String answer(String question, String name, RgbImage image) {
    Prompt prompt = model.prompt(question, model.picture(name, image));
    try (Generation generation = model.generate(prompt, GenerationOptions.DEFAULT, Capture.NONE)) {
      return generation.answer().text().strip();
    }
  }

  /// It says the word that decides: one that the whole answer has, and the question has not.
  @Test
  void theModelAnswersEverySample() {
    for (Sample sample : Sample.all()) {
      RgbImage image = new ImageFileReader().read(sample.bytes(), sample.file());
      for (Sample.Question question : sample.questions()) {
        String said = answer(question.question(), sample.file(), image);
        String whole = question.answer().toLowerCase(Locale.ROOT).replaceAll("[^a-z ]", "");
        assertThat(said).as("%s: %s", sample.file(), question.question()).isNotEmpty();
        assertThat(List.of(whole.split(" ", -1)))
            .as("%s: %s", sample.file(), question.question())
            .contains(said);
        assertThat(question.question().toLowerCase(Locale.ROOT)).doesNotContain(said);
      }
    }
  }

  @Test
  void coloursOfHeldOutScenesAreRight() {
    World world = new World(World.HELD_OUT, SceneRecipe.FREE);
    int right = 0;
    for (int number = 0; number < 40; number++) {
      Scene scene = world.scene(number);
      Question question = Asker.colour(scene.facts(), 0).orElseThrow();
      right += answer(question.text(), "scene", scene.image()).equals(question.key()) ? 1 : 0;
    }
    assertThat(right).isGreaterThanOrEqualTo(37);
  }

  /// The values are those of transformers 5.18 in float32, for a sample.
  @Test
  void everyStageIsThatOfTheReferenceLibrary() {
    VerificationReport report =
        Verification.run(
            new PupilBlip().folder(),
            Path.of("src/test/resources/blip"),
            VerificationOptions.DEFAULT.pictures(Path.of("../samples")));
    assertThat(report.checks()).hasSizeGreaterThan(30);
    assertThat(report.passed()).as(report.toString()).isTrue();
  }

  @Test
  void itIsKnownByItsFilesAndTellsWhatItWasNeverTaught() {
    try (Checkpoint checkpoint = Checkpoint.open(new PupilBlip().folder())) {
      Optional<Domain> domain = Domain.of(checkpoint);
      assertThat(domain).isPresent();
      List<RgbImage> picture = List.of(new World(5, SceneRecipe.FREE).scene(0).image());
      assertThat(outside(domain.get(), "Is there a dog?", picture)).isEmpty();
      assertThat(outside(domain.get(), "Describe the image.", picture)).hasSize(1);
      assertThat(outside(domain.get(), "Is there a truck?", picture)).hasSize(1);
    }
  }

  private static List<String> outside(Domain domain, String question, List<RgbImage> pictures) {
    return domain.outside(List.of(Message.user(pictures.size(), question)), pictures);
  }
}
