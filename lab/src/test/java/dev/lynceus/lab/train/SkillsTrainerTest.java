package dev.lynceus.lab.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.pupil.Pupil;
import dev.lynceus.pupil.world.Asker;
import dev.lynceus.pupil.world.Exercise;
import dev.lynceus.pupil.world.Exercise.Asked;
import dev.lynceus.pupil.world.Question;
import dev.lynceus.pupil.world.Scene;
import dev.lynceus.pupil.world.SceneRecipe;
import dev.lynceus.pupil.world.Story;
import dev.lynceus.pupil.world.World;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tensor.Scope;
import dev.lynceus.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Would catch words that change their tokens, rows of the vocabulary that are mixed up, a training
/// that does not begin where it says, and several pictures that lose their places.
class SkillsTrainerTest {
  @TempDir Path folder;

  private static Exercise exercise(SplittableRandom random) {
    Scene first = new World(random.nextLong(), SceneRecipe.FREE).scene(0);
    Scene second = new World(random.nextLong(), SceneRecipe.MANY).scene(0);
    Asked colour = Asked.of(Asker.colour(first.facts(), 0).orElseThrow());
    Asked which =
        Asked.of(
            "which picture",
            "Which picture has the " + first.facts().getFirst().noun() + "?",
            "The ",
            "first",
            " picture.");
    return new Exercise(List.of(first.image(), second.image()), List.of(colour, which));
  }

  @Test
  void allWordsOfTheWorldKeepTheirTokens() throws IOException {
    TokenizerFiles.WORLD.write(Files.createDirectories(folder.resolve("world")));
    TokenizerFiles.SKILLS.write(Files.createDirectories(folder.resolve("skills")));
    Tokenizer world = Tokenizer.load(folder.resolve("world"));
    Tokenizer skills = Tokenizer.load(folder.resolve("skills"));
    int image = TokenizerFiles.WORLD.size() - 2;
    int shift = TokenizerFiles.SKILLS.size() - TokenizerFiles.WORLD.size();
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 200; i++) {
      Story story = Story.random(random);
      Question question =
          new Asker(Story.nouns(), random).ask(Question.Kind.EXISTS, story.facts()).orElseThrow();
      String text =
          "USER: <image>\n"
              + story.text()
              + " "
              + question.text()
              + "\nASSISTANT: "
              + question.answer();
      assertThat(skills.encode(text))
          .isEqualTo(
              Arrays.stream(world.encode(text)).map(id -> id < image ? id : id + shift).toArray());
    }
    for (String word : TokenizerFiles.SKILLS.further()) {
      assertThat(skills.encode("a " + word, false)).as(word).hasSize(2);
    }
    assertThat(shift).isPositive();
  }

  @Test
  void everyPictureHasItsPlaces() throws IOException {
    TokenizerFiles.SKILLS.write(folder);
    Tokenizer tokenizer = Tokenizer.load(folder);
    int image = TokenizerFiles.SKILLS.size() - 2;
    int[] ids = new Phrases(tokenizer).pictures(image, 3);
    assertThat(Arrays.stream(ids).filter(id -> id == image)).hasSize(3 * PupilShape.PATCHES);
    int[] one = new Phrases(tokenizer).picture(image);
    assertThat(new Phrases(tokenizer).pictures(image, 1)).isEqualTo(one);
  }

  /// The one test that compares with the model before: whatever is lost on the way would be seen.
  @Test
  void beforeTheFirstStepItAnswersAsTheModelThatItBeginsFrom() {
    TrainingPlan plan = new TrainingPlan(PupilShape.bundled(), 1, 2, 1);
    try (SkillsTrainer trainer =
        new SkillsTrainer(
            SkillsStage.SKILLS,
            folder,
            plan,
            Optional.of(Pupil.NAME),
            SkillsTrainerTest::exercise)) {
      trainer.export(folder.resolve("start"));
    }
    Scene scene = new World(9, SceneRecipe.FREE).scene(2);
    String question = Asker.colour(scene.facts(), 0).orElseThrow().text();
    float[] before = logits(Pupil.NAME, question, scene.image());
    float[] after = logits(folder.resolve("start").toString(), question, scene.image());
    int kept = TokenizerFiles.WORLD.size() - 2;
    assertThat(after).hasSize(TokenizerFiles.SKILLS.size());
    assertThat(Arrays.copyOf(after, kept)).isEqualTo(Arrays.copyOf(before, kept));
  }

  private static float[] logits(String name, String question, RgbImage image) {
    try (LoadedModel model = LoadedModel.load(name, LoadOptions.DEFAULT);
        Run run = model.run(model.prompt(question, model.picture("scene", image)), Capture.NONE);
        Scope scope = Scope.open()) {
      return run.logits().toFloats();
    }
  }

  @Test
  void theLossFallsAndAStoppedStageGoesOnAsIfItHadNotBeenStopped() throws IOException {
    Path parts = Files.createDirectories(folder.resolve("parts"));
    Path whole = Files.createDirectories(folder.resolve("whole"));
    Losses losses = new Losses();
    begin(parts);
    begin(whole);
    train(whole, 40, losses);
    train(parts, 20, new Losses());
    train(parts, 40, new Losses());
    assertThat(losses.values.getLast()).isLessThan(losses.values.getFirst());
    assertThat(TrainingState.file(parts, SkillsStage.SKILLS))
        .hasSameBinaryContentAs(TrainingState.file(whole, SkillsStage.SKILLS));
  }

  @Test
  void aStageMayGoOnTowardsAnotherEnd() {
    begin(folder);
    train(folder, 10, new Losses());
    TrainingPlan shorter = new TrainingPlan(PupilShape.tiny(), 7, 12, 2);
    try (SkillsTrainer trainer =
        new SkillsTrainer(
            SkillsStage.SKILLS, folder, shorter, Optional.empty(), SkillsTrainerTest::exercise)) {
      assertThat(trainer.done()).isEqualTo(10);
      trainer.train(new Losses(), 12, () -> false);
      assertThat(trainer.done()).isEqualTo(12);
    }
    TrainingPlan other = new TrainingPlan(PupilShape.tiny(), 8, 40, 2);
    assertThatThrownBy(() ->
            new SkillsTrainer(
                SkillsStage.SKILLS, folder, other, Optional.empty(), SkillsTrainerTest::exercise))
        .hasMessageContaining("was begun with");
  }

  private static void begin(Path folder) {
    for (Stage stage : Stage.values()) {
      try (Trainer trainer =
          new Trainer(folder, stage, new TrainingPlan(PupilShape.tiny(), 7, 1, 2))) {
        trainer.train(new Losses(), 1, () -> false);
      }
    }
  }

  private static void train(Path folder, long until, Losses losses) {
    try (SkillsTrainer trainer =
        new SkillsTrainer(
            SkillsStage.SKILLS,
            folder,
            new TrainingPlan(PupilShape.tiny(), 7, 40, 2),
            Optional.empty(),
            SkillsTrainerTest::exercise)) {
      trainer.train(losses, until, () -> false);
    }
  }

  @Test
  void whatItCannotBeginFromIsRefused() {
    TrainingPlan tiny = new TrainingPlan(PupilShape.tiny(), 7, 1, 1);
    assertThatThrownBy(() ->
            new SkillsTrainer(
                SkillsStage.SKILLS, folder, tiny, Optional.empty(), SkillsTrainerTest::exercise))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("tune is not finished");
    assertThatThrownBy(() ->
            new SkillsTrainer(
                SkillsStage.SKILLS,
                folder,
                tiny,
                Optional.of(Pupil.NAME),
                SkillsTrainerTest::exercise))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("of the shape");
    assertThat(folder).isEmptyDirectory();
  }

  /// Keeps the losses that are reported.
  private static final class Losses implements TrainingListener {
    final List<Double> values = new ArrayList<>();

    @Override
    public void steps(
        long done, long all, double loss, Map<String, Double> right, double seconds, double rate) {
      values.add(loss);
    }

    @Override
    public void evaluated(long done, double loss, Map<String, Double> right) {
      values.add(loss);
    }
  }
}
