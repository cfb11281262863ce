package dev.lynceus.pupil;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lynceus.image.ImageFileReader;
import dev.lynceus.image.RgbImage;
import dev.lynceus.model.Picture;
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
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Would catch files that are not those of the card, and a model that runs otherwise here than in
/// the library whose layout it has.
class BundledSkilledTest {
  private static LoadedModel model;

  @BeforeAll
  static void load() {
    model = LoadedModel.load(PupilSkilled.NAME, LoadOptions.DEFAULT);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static String answer(String question, RgbImage... images) {
    List<Picture> pictures =
        Arrays.stream(images).map(image -> model.picture("scene", image)).toList();
    Prompt prompt = model.prompt(question, pictures, "");
    try (Generation generation = model.generate(prompt, GenerationOptions.DEFAULT, Capture.NONE)) {
      return generation.answer().text().strip();
    }
  }

  @Test
  void coloursOfHeldOutScenesAreRight() {
    World world = new World(World.HELD_OUT, SceneRecipe.FREE);
    int right = 0;
    for (int number = 0; number < 40; number++) {
      Scene scene = world.scene(number);
      Question question = Asker.colour(scene.facts(), 0).orElseThrow();
      right += answer(question.text(), scene.image()).equals(question.answer()) ? 1 : 0;
    }
    assertThat(right).isGreaterThanOrEqualTo(37);
  }

  @Test
  void aThingThatIsNotThereHasNoColour() {
    World world = new World(World.HELD_OUT, SceneRecipe.FREE);
    int refused = 0;
    for (int number = 0; number < 40; number++) {
      Scene scene = world.scene(number);
      boolean there = scene.items().stream().anyMatch(item -> item.noun().equals("dog"));
      if (!there) {
        String said = answer("What is the color of the dog?", scene.image());
        refused += said.equals("There is no dog.") ? 1 : -1;
      }
    }
    assertThat(refused).isGreaterThan(15);
  }

  /// The values are those of transformers 5.18 in float32, for a question about a sample.
  @Test
  void everyStageIsThatOfTheReferenceLibrary() {
    VerificationReport report =
        Verification.run(
            new PupilSkilled().folder(),
            Path.of("src/test/resources/skilled"),
            VerificationOptions.DEFAULT.pictures(Path.of("../samples")));
    assertThat(report.checks()).hasSizeGreaterThan(30);
    assertThat(report.passed()).as(report.toString()).isTrue();
  }

  @Test
  void itIsKnownByItsFilesAndTellsWhatItWasNeverTaught() {
    try (Checkpoint checkpoint = Checkpoint.open(new PupilSkilled().folder())) {
      Optional<Domain> domain = Domain.of(checkpoint);
      assertThat(domain).isPresent();
      RgbImage picture = new World(5, SceneRecipe.FREE).scene(0).image();
      List<RgbImage> two = List.of(picture, picture);
      assertThat(outside(domain.get(), "Is there a dog?", List.of(picture))).isEmpty();
      assertThat(outside(domain.get(), "What is in the red box?", List.of(picture))).isEmpty();
      assertThat(outside(domain.get(), "Which picture has the dog?", two)).isEmpty();
      assertThat(outside(domain.get(), "What is in the room?", List.of(picture))).hasSize(1);
      assertThat(outside(domain.get(), "Is there a truck?", List.of(picture))).hasSize(1);
    }
  }

  @Test
  void theSamplesAreRead() {
    for (Sample sample : Sample.all()) {
      RgbImage image = new ImageFileReader().read(sample.bytes(), sample.file());
      assertThat(answer("Describe the image.", image)).startsWith("A").endsWith(".");
    }
  }

  private static List<String> outside(Domain domain, String question, List<RgbImage> pictures) {
    return domain.outside(List.of(Message.user(pictures.size(), question)), pictures);
  }
}
