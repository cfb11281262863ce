package dev.lynceus.lab.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageProcessor;
import dev.lynceus.lab.train.BlipShape.Part;
import dev.lynceus.pupil.world.Asker;
import dev.lynceus.pupil.world.Question;
import dev.lynceus.pupil.world.Question.Kind;
import dev.lynceus.pupil.world.Scene;
import dev.lynceus.pupil.world.SceneRecipe;
import dev.lynceus.pupil.world.Silhouette;
import dev.lynceus.pupil.world.World;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import dev.lynceus.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Would catch a gradient that is lost or counted twice (the words of the decoder are its
/// unembedding, too), a state that forgets something, a loss of other answers than the model gives,
/// and a word that falls into pieces.
class BlipTrainerTest {
  private static final BlipShape SHAPE = BlipShape.tiny();

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(BlipStage.class)
  void aStoppedStageGoesOnAsIfItHadNotBeenStopped(BlipStage stage) {
    Path whole = folder.resolve("whole");
    Path parts = folder.resolve("parts");
    before(whole, stage);
    before(parts, stage);
    train(whole, stage, 6, 6);
    train(parts, stage, 6, 2);
    train(parts, stage, 6, 6);
    assertThat(TrainingState.file(parts, stage))
        .hasSameBinaryContentAs(TrainingState.file(whole, stage));
  }

  @Test
  void theLossFalls() {
    before(folder, BlipStage.ASK);
    List<Double> losses = train(folder, BlipStage.ASK, 60, 60);
    assertThat(losses.getLast()).isLessThan(.8 * losses.getFirst());
  }

  @Test
  void aStageWhoseForerunnerIsMissingIsRefused() {
    assertThatThrownBy(() -> train(folder, BlipStage.ASK, 2, 2))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("tower is not finished");
  }

  @Test
  void anotherPlanIsRefused() {
    train(folder, BlipStage.TOWER, 4, 2);
    assertThatThrownBy(() -> train(folder, BlipStage.TOWER, 5, 5))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("was begun with");
  }

  /// Along its own gradient a loss rises by the square of the gradient's length.
  @ParameterizedTest
  @EnumSource(
      value = Part.class,
      names = {"TOWER", "LEXICON", "WORDS"})
  void theGradientIsTheSlopeOfTheLoss(Part part) {
    Variables<Part> variables = drawn();
    Tensor gradient = Torch.zeros(DType.FLOAT32, variables.size()).own();
    AskLesson lesson = lesson();
    BlipReplica replica = SHAPE.replica(variables, Set.of(part), gradient);
    try (Scope scope = Scope.open()) {
      Lesson.Loss loss = lesson.loss(replica, new SplittableRandom(5), 3, 1);
      loss.sum().mul(1 / loss.weight()).backward();
    }
    try (Scope scope = Scope.open()) {
      double length = Math.sqrt(gradient.square().sum().item());
      assertThat(length).isGreaterThan(.01);
      double step = 2e-3 / length;
      variables.vector().add_(gradient, step);
      double above = loss(lesson, replica);
      variables.vector().add_(gradient, -2 * step);
      double below = loss(lesson, replica);
      assertThat((above - below) / (2 * step))
          .isCloseTo(length * length, within(.03 * length * length));
    }
  }

  private static double loss(AskLesson lesson, BlipReplica replica) {
    Lesson.Loss loss = lesson.loss(replica, new SplittableRandom(5), 3, 1);
    return loss.sum().detach().item() / loss.weight();
  }

  @Test
  void theLossIsThatOfTheAnswersOfTheCheckpoint() {
    Variables<Part> variables = drawn();
    try (Scope scope = Scope.open()) {
      // Numbers that float16 holds: the checkpoint and the model in training are the same.
      variables.vector().copy_(variables.vector().to(DType.FLOAT16).to(DType.FLOAT32));
    }
    Path checkpoint = folder.resolve("checkpoint");
    AskLesson lesson = lesson();
    new Exporter<>(variables, files())
        .write(checkpoint, BlipShape.MODEL, "", SHAPE.json(), Set.of());
    BlipReplica replica = SHAPE.replica(variables, Set.of(), Torch.zeros(DType.FLOAT32, 1).own());
    AskLesson.Asked asked = AskLesson.ask(new SplittableRandom(5), 3);
    double sum = 0;
    double weight = 0;
    try (LoadedModel model = LoadedModel.load(checkpoint, LoadOptions.DEFAULT)) {
      BlipWords words = new BlipWords(Tokenizer.load(files()));
      for (int i = 0; i < asked.questions().size(); i++) {
        Question question = asked.questions().get(i);
        Scene scene = asked.scenes().get(asked.picture().get(i));
        Prompt prompt = model.prompt(question.text(), model.picture("x", scene.image()));
        assertThat(prompt.beside().ids()).isEqualTo(words.question(question).ids());
        int[] answer = words.answer(question);
        try (Scope scope = Scope.open();
            Run run =
                model.run(
                    prompt.withAnswer(Arrays.copyOf(answer, answer.length - 1)),
                    Capture.of(Capture.request(Point.LOGITS).at(Positions.from(0))))) {
          Tensor logs = Torch.logSoftmax(run.get(Point.LOGITS, 0).select(0, 0), 1);
          for (int t = 0; t < answer.length; t++) {
            double own = answer[t] == BlipWords.END ? AskLesson.END : 1;
            sum -= own * logs.select(0, t).narrow(0, answer[t], 1).item();
            weight += own;
          }
        }
      }
      try (Scope scope = Scope.open()) {
        Lesson.Loss loss = lesson.loss(replica, new SplittableRandom(5), 3, 1);
        assertThat(loss.weight()).isCloseTo(weight, within(1e-4));
        assertThat(loss.sum().item()).isCloseTo(sum, within(1e-4 * sum));
      }
    }
  }

  @Test
  void everyWordOfQuestionsAndAnswersIsOneToken() {
    BlipWords.write(files());
    Tokenizer tokenizer = Tokenizer.load(files());
    Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    World world = new World(11, SceneRecipe.FREE);
    for (int i = 0; i < 60; i++) {
      Asker asker = new Asker(Silhouette.names(), new SplittableRandom(i));
      Scene scene = world.scene(i);
      for (Kind kind : Kind.values()) {
        if (kind == Kind.DESCRIBE) {
          continue;
        }
        asker
            .ask(kind, scene.facts())
            .ifPresent(question -> {
              kinds.add(question.kind());
              int words = question.text().split(" ", -1).length;
              // Each word, the question mark, the tokens around.
              assertThat(tokenizer.encode(question.text(), true))
                  .as(question.text())
                  .hasSize(words + 3)
                  .doesNotContain(1);
              assertThat(tokenizer.encode(question.key(), false))
                  .as(question.key())
                  .hasSize(question.key().split(" ", -1).length);
            });
      }
    }
    assertThat(kinds).hasSize(7);
  }

  private Path files() {
    return folder.resolve("files");
  }

  private AskLesson lesson() {
    BlipWords.write(files());
    return new AskLesson(
        new BlipWords(Tokenizer.load(files())), new Pixels(ImageProcessor.load(files())), 3);
  }

  private static Variables<Part> drawn() {
    Variables<Part> variables = SHAPE.variables();
    variables.draw(EnumSet.allOf(Part.class), 3);
    return variables;
  }

  private static void before(Path into, BlipStage stage) {
    stage.after().forEach(earlier -> train(into, earlier, 2, 2));
  }

  private static List<Double> train(Path into, BlipStage stage, long steps, long until) {
    List<Double> losses = new ArrayList<>();
    try (BlipTrainer trainer = new BlipTrainer(into, stage, new BlipPlan(SHAPE, 7, steps, 2))) {
      trainer.train(
          new TrainingListener() {
            @Override
            public void steps(
                long done,
                long all,
                double loss,
                Map<String, Double> right,
                double seconds,
                double rate) {
              losses.add(loss);
            }

            @Override
            public void evaluated(long done, double loss, Map<String, Double> right) {
              losses.add(loss);
            }
          },
          until,
          () -> false);
    }
    return losses;
  }
}
