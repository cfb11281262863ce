package dev.lynceus.model.blip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lynceus.image.ImageFileReader;
import dev.lynceus.image.RgbImage;
import dev.lynceus.run.AnswerListener;
import dev.lynceus.run.Batch;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Numbers;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Axis;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Indices;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.Scope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What holds of any BLIP: what is asked and seen is read in every step and by every replay, other
/// questions beside it change nothing, tracing begins and ends where it must.
class BlipTest {
  private static final Path GOLDENS = Path.of("src/test/resources/goldens");
  private static final String QUESTION = "what is the color of the dog ?";
  private static LoadedModel answers;
  private static LoadedModel describes;
  private static RgbImage photo;
  private static RgbImage other;

  @BeforeAll
  static void load() {
    answers = LoadedModel.load(GOLDENS.resolve("blip-vqa/hub"), LoadOptions.DEFAULT);
    describes = LoadedModel.load(GOLDENS.resolve("blip-caption/hub"), LoadOptions.DEFAULT);
    photo = new ImageFileReader().read(GOLDENS.resolve("images/photo.png"));
    other = new ImageFileReader().read(GOLDENS.resolve("images/second.png"));
  }

  @AfterAll
  static void close() {
    answers.close();
    describes.close();
  }

  private static LoadedModel model(String name) {
    return name.equals("answers") ? answers : describes;
  }

  private static Prompt prompt(LoadedModel model) {
    String words = model == answers ? QUESTION : "a picture of";
    return model.prompt(words, model.picture("photo", photo));
  }

  // ---- prompts

  @Test
  void theQuestionIsReadBesideTheDecoder() {
    Prompt asked = prompt(answers);
    assertThat(asked.length()).isEqualTo(1);
    assertThat(answers.tokenizer().text(asked.ids()[0])).isEqualTo("[DEC]");
    assertThat(asked.beside().positions(TokenMap.Role.QUESTION)).hasSize(8);
    assertThat(asked.beside().positions(TokenMap.Role.TEMPLATE)).containsExactly(0, 9);
    Prompt begun = answers.prompt(QUESTION, List.of(answers.picture("photo", photo)), "the dog");
    assertThat(begun.length()).isEqualTo(3);
    Prompt described = prompt(describes);
    assertThat(described.beside().length()).isZero();
    assertThat(described.tokens().positions(TokenMap.Role.QUESTION)).containsExactly(1, 2, 3);
    assertThat(describes.prompt("", describes.picture("photo", photo)).length()).isEqualTo(1);
  }

  @Test
  void whatCannotBeAskedIsRefused() {
    assertThatThrownBy(() -> answers.prompt("", answers.picture("photo", photo)))
        .hasMessageContaining("question is empty");
    assertThatThrownBy(() -> answers.prompt(QUESTION)).hasMessageContaining("one picture");
    assertThatThrownBy(() ->
            answers.prompt(QUESTION, answers.picture("a", photo), answers.picture("b", other)))
        .hasMessageContaining("2 were given");
    Prompt endless = answers.prompt("the ".repeat(80), answers.picture("a", photo));
    assertThatThrownBy(() -> answers.run(endless, Capture.NONE))
        .hasMessageContaining("made for 64");
  }

  // ---- passes

  /// Other questions of other lengths, and other pictures, beside one change nothing of it.
  @ParameterizedTest
  @ValueSource(strings = {"answers", "describes"})
  void whatRunsBesideItChangesNothing(String name) {
    LoadedModel model = model(name);
    List<Prompt> prompts =
        List.of(
            model.prompt("what ?", model.picture("second", other)),
            prompt(model),
            model.prompt("is the dog on the red mat ?", model.picture("photo", photo)));
    Batch all = Batch.of(prompts, Batch.Padding.LEFT, 0);
    GenerationOptions options = GenerationOptions.greedy(5);
    try (Scope scope = Scope.open();
        Run together = model.run(all, Capture.NONE, List.of());
        Generation answered =
            model.generate(all, options, Capture.NONE, List.of(), AnswerListener.NONE)) {
      for (int row = 0; row < prompts.size(); row++) {
        try (Run alone = model.run(prompts.get(row), Capture.NONE);
            Generation one = model.generate(prompts.get(row), options, Capture.NONE)) {
          Numbers.close(name + row, together.logits().narrow(0, row, 1), alone.logits(), 1e-5);
          assertThat(answered.answers().get(row).ids()).isEqualTo(one.answer().ids());
        }
      }
    }
  }

  /// The answer token by token, each step reading the same memory, is one pass over all of it.
  @ParameterizedTest
  @ValueSource(strings = {"answers", "describes"})
  void stepsEqualOnePass(String name) {
    LoadedModel model = model(name);
    Capture look = Capture.of(Capture.request(Point.LOGITS), Capture.request(Point.CROSS_PATTERN));
    try (Scope scope = Scope.open();
        Generation steps =
            model.generate(prompt(model), GenerationOptions.greedy(6).neverEnding(), look);
        Run whole = model.run(steps.run().batch().prompts().getFirst(), look)) {
      assertThat(whole.batch().length()).isGreaterThan(prompt(model).length() + 3);
      Numbers.close("logits", steps.run().get(Point.LOGITS, 0), whole.get(Point.LOGITS, 0), 1e-5);
      for (int l = 0; l < 4; l++) {
        Numbers.close(
            "pattern " + l,
            steps.run().get(Point.CROSS_PATTERN, l),
            whole.get(Point.CROSS_PATTERN, l),
            1e-5);
      }
    }
  }

  /// A random change anywhere, in any stack.
  private static Intervention change(LoadedModel model, Random random) {
    List<Point> points =
        Point.all().stream().filter(Point::writable).filter(model.model()::has).toList();
    Point point = points.get(random.nextInt(points.size()));
    Op op =
        switch (random.nextInt(3)) {
          case 0 -> new Op.Scale(random.nextDouble() * 2);
          case 1 -> new Op.Noise(random.nextLong(), 0.3);
          default -> new Op.Zero();
        };
    return new Intervention(
        point,
        point.perLayer() && random.nextBoolean() ? Indices.of(random.nextInt(3)) : Indices.ALL,
        point.headAxis() >= 0 && random.nextBoolean() ? Indices.of(random.nextInt(4)) : Indices.ALL,
        point.axis(Axis.POSITION) < 0 || random.nextBoolean()
            ? Positions.all()
            : Positions.of(random.nextInt(4)),
        op);
  }

  @ParameterizedTest
  @ValueSource(strings = {"answers", "describes"})
  void replaysEqualFullRuns(String name) {
    LoadedModel model = model(name);
    Prompt prompt = prompt(model).withAnswer(105, 143, 160, 171, 120);
    Random random = new Random(name.length());
    Capture look = Capture.of("resid_post", "blocks.1.cross.hook_pattern", "hook_logits");
    for (int round = 0; round < 40; round++) {
      List<Intervention> first = round % 3 == 0 ? List.of() : List.of(change(model, random));
      List<Intervention> second = List.of(change(model, random), change(model, random));
      List<Intervention> all = new ArrayList<>(first);
      all.addAll(second);
      Capture kept = round % 2 == 0 ? Capture.NONE : Sweep.base(model);
      String what = name + " " + round + " " + first + " then " + second;
      try (Run run = model.run(Batch.of(prompt), kept, first);
          Run replay = run.replay(second, look);
          Run full = model.run(Batch.of(prompt), look, all)) {
        Numbers.close(what, replay.logits(), full.logits(), 1e-5);
        for (var key : full.captured().keys()) {
          Numbers.close(
              what + " " + key,
              replay.get(key.point(), key.layer()),
              full.get(key.point(), key.layer()),
              1e-5);
        }
      }
    }
  }
}
