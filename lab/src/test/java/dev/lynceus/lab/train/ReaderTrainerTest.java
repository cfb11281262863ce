package dev.lynceus.lab.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.measure.ReaderExam;
import dev.lynceus.lab.train.PassageQuestion.Place;
import dev.lynceus.lab.train.ReaderPlan.From;
import dev.lynceus.lab.train.ReaderPlan.Learns;
import dev.lynceus.method.reader.PassageReading;
import dev.lynceus.method.reader.SpanScores;
import dev.lynceus.method.reader.Squad;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Passages;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Would catch a forward that trains another model than the one that is read, answers that stand a
/// token off, a frozen encoder that moves, articles on both sides, and a training that goes on
/// differently after it was stopped.
class ReaderTrainerTest {
  private static final Path ENCODER = Path.of("../core/src/test/resources/goldens/bert-mlm/hub");

  private static final List<String> COLOURS = List.of("red", "blue", "green", "brown");

  private static final TrainingListener SILENT =
      new TrainingListener() {
        @Override
        public void steps(
            long done,
            long all,
            double loss,
            Map<String, Double> right,
            double seconds,
            double rate) {}

        @Override
        public void evaluated(long done, double loss, Map<String, Double> right) {}
      };

  @TempDir private Path folder;

  /// Questions that a few steps can teach: the answer is the colour, wherever it stands.
  private static List<PassageQuestion> questions() {
    List<PassageQuestion> questions = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      String colour = COLOURS.get(i % COLOURS.size());
      String begin = i % 3 == 0 ? "The dog sat. " : i % 3 == 1 ? "" : "On a mat the cat sat. ";
      String passage = begin + "The ball was " + colour + ".";
      Squad.Item item =
          new Squad.Item("q" + i, "What color was the ball?", passage, List.of(colour));
      questions.add(
          new PassageQuestion(
              "article " + i % 8, item, List.of(new Place(colour, passage.indexOf(colour)))));
    }
    return questions;
  }

  private static ReaderPlan plan(Learns learns, From from, long steps, int threads) {
    return new ReaderPlan(questions(), learns, from, 1e-3, 64, 3, steps, threads);
  }

  private ReaderTrainer trainer(String name, ReaderPlan plan) {
    return new ReaderTrainer(folder.resolve(name), ENCODER, plan, questions());
  }

  private Path trained(String name, ReaderPlan plan) {
    try (ReaderTrainer trainer = trainer(name, plan)) {
      trainer.train(SILENT, Long.MAX_VALUE, () -> false);
      Path target = folder.resolve(name + "/reader");
      trainer.export(target);
      return target;
    }
  }

  @Test
  void whatIsTaughtIsAnsweredAndReadAsItWasTrained() {
    ReaderPlan plan = plan(Learns.ALL, From.WEIGHTS, 40, 1);
    Path reader = trained("all", plan);
    Path untrained = folder.resolve("untrained");
    ReaderTrainer.exportUntrained(untrained, ENCODER, plan);
    double before = exact(untrained);
    double after = exact(reader);
    assertThat(after).isGreaterThan(.9).isGreaterThan(before + .5);

    ReaderStart begun = ReaderStart.of(reader, plan);
    try (LoadedModel model = LoadedModel.load(reader, LoadOptions.DEFAULT);
        Scope scope = Scope.open()) {
      PassageQuestion one = questions().getFirst();
      // The head is drawn by whoever begins: the trained one is put in its place.
      begun
          .variables()
          .entries(Set.of(ReaderTrainer.Part.HEAD))
          .forEach(entry ->
              Variables.view(begun.variables().vector(), entry)
                  .copy_(model.checkpoint().tensor(entry.name())));
      SpanLesson.Taught taught = SpanLesson.taught(model.passages(), one, 64, 21).getFirst();
      Tensor trained =
          SpanLesson.logits(begun.replica(Set.of(), begun.variables().vector()), taught);
      Passages.Window window =
          model.passages().windows(one.item().question(), one.item().passage(), 64, 21).getFirst();
      assertThat(window.text(taught.answer())).isEqualTo(one.taught().text());
      try (Run run = model.run(window.prompt(), Capture.of(Capture.request(Point.LOGITS)))) {
        SpanScores read = SpanScores.of(run.get(Point.LOGITS, 0));
        double[] begins = trained.select(1, 0).toDoubles();
        for (int i = 0; i < begins.length; i++) {
          assertThat(begins[i]).isCloseTo(read.starts()[i], within(1e-5));
        }
      }
    }
  }

  private static double exact(Path reader) {
    try (LoadedModel model = LoadedModel.load(reader, LoadOptions.DEFAULT)) {
      ReaderExam exam =
          ReaderExam.of(
              model,
              questions(),
              new PassageReading.Options(64, 21, 5, java.util.Optional.empty()),
              Progress.NONE);
      assertThat(exam.exact().of()).isEqualTo(8);
      return exam.exact().value();
    }
  }

  @Test
  void aFrozenEncoderStaysAndADrawnOneIsAnother() {
    Path frozen = trained("head", plan(Learns.HEAD, From.WEIGHTS, 3, 1));
    Path drawn = folder.resolve("drawn");
    ReaderTrainer.exportUntrained(drawn, ENCODER, plan(Learns.ALL, From.RANDOM, 3, 1));
    String query = "bert.encoder.layer.1.attention.self.query.weight";
    String norm = "bert.encoder.layer.1.output.LayerNorm.gamma";
    assertThat(numbers(frozen, query)).isEqualTo(numbers(ENCODER, query));
    assertThat(numbers(frozen, "qa_outputs.weight"))
        .isNotEqualTo(numbers(drawn, "qa_outputs.weight"));
    assertThat(numbers(drawn, query)).isNotEqualTo(numbers(ENCODER, query));
    assertThat(deviation(numbers(drawn, query))).isCloseTo(.02, within(.002));
    assertThat(numbers(drawn, norm)).containsOnly(1);
  }

  private static double deviation(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value * value;
    }
    return Math.sqrt(sum / values.length);
  }

  private static float[] numbers(Path checkpoint, String name) {
    try (Checkpoint stored = Checkpoint.open(checkpoint);
        Scope scope = Scope.open()) {
      return stored.tensor(name).toFloats();
    }
  }

  @Test
  void aTrainingGoesOnAsIfItHadNotBeenStopped() {
    ReaderPlan plan = plan(Learns.ALL, From.WEIGHTS, 4, 2);
    Path whole = trained("whole", plan);
    try (ReaderTrainer first = trainer("parts", plan)) {
      first.train(SILENT, 2, () -> false);
      assertThat(first.done()).isEqualTo(2);
    }
    Path parts = trained("parts", plan);
    String name = "bert.encoder.layer.0.output.dense.weight";
    assertThat(numbers(parts, name)).isEqualTo(numbers(whole, name));
    assertThatThrownBy(() -> trainer("parts", plan(Learns.ALL, From.WEIGHTS, 5, 2)))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("was begun with");
  }

  @Test
  void noArticleIsOnBothSides() throws IOException {
    ArticleSplit split = ArticleSplit.of(questions(), 3, 1);
    assertThat(split.articles()).hasSize(3);
    assertThat(split.learnt()).hasSize(20);
    assertThat(split.heldOut()).hasSize(12);
    assertThat(split.learnt()).noneMatch(one -> split.articles().contains(one.article()));
    assertThat(split.heldOut()).allMatch(one -> split.articles().contains(one.article()));
    assertThat(ArticleSplit.of(questions(), 3, 2).articles()).isNotEqualTo(split.articles());
    assertThat(ArticleSplit.of(questions(), 0, 1).articles()).hasSize(1);
    Path file = folder.resolve("held-out.json");
    split.write(file);
    assertThat(Files.readString(file)).contains("\"answer_start\":").contains("\"context\":");
    assertThatThrownBy(() -> ArticleSplit.of(questions(), 8, 1))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("8 articles are to be held out of 8");
  }

  /// An answer that ends within a token cannot be taught; one in a later window can.
  @Test
  void whatCannotBeTaughtIsLeftOut() {
    List<PassageQuestion> some = new ArrayList<>();
    String passage = "The ball was brown. ".repeat(8) + "The dog was red.";
    Squad.Item item = new Squad.Item("q", "What color was the dog?", passage, List.of("red"));
    some.add(new PassageQuestion("a", item, List.of(new Place("red", passage.indexOf("red")))));
    some.add(new PassageQuestion("a", item, List.of(new Place("ed", passage.indexOf("red") + 1))));
    ReaderPlan plan = new ReaderPlan(some, Learns.HEAD, From.WEIGHTS, 1e-3, 32, 1, 1, 1);
    try (ReaderTrainer trainer =
        new ReaderTrainer(folder.resolve("left"), ENCODER, plan, List.of())) {
      assertThat(trainer.taught()).isEqualTo(1);
    }
    ReaderPlan none =
        new ReaderPlan(some.subList(1, 2), Learns.HEAD, From.WEIGHTS, 1e-3, 32, 1, 1, 1);
    assertThatThrownBy(() -> new ReaderTrainer(folder.resolve("none"), ENCODER, none, List.of()))
        .isInstanceOf(LynceusException.class)
        .hasMessageContaining("none of the 1 questions");
    assertThat(folder.resolve("none")).doesNotExist();
  }
}
