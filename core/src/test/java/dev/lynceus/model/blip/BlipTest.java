package dev.lynceus.model.blip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.image.ImageFileReader;
import dev.lynceus.image.RgbImage;
import dev.lynceus.method.PatchViews;
import dev.lynceus.method.Progress;
import dev.lynceus.method.Target;
import dev.lynceus.method.causal.ActivationPatching;
import dev.lynceus.method.causal.CausalMap;
import dev.lynceus.method.causal.CausalTracing;
import dev.lynceus.method.causal.Component;
import dev.lynceus.method.causal.Corruption;
import dev.lynceus.method.causal.Job;
import dev.lynceus.method.causal.Occlusion;
import dev.lynceus.method.causal.Readout;
import dev.lynceus.method.map.PatchMap;
import dev.lynceus.method.map.PatchMethod;
import dev.lynceus.run.AnswerListener;
import dev.lynceus.run.Batch;
import dev.lynceus.run.Generation;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.Ledger;
import dev.lynceus.run.Limits;
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
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.SplittableRandom;
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

  // ---- tracing

  private static CausalTracing tracing(Stack stack, Component site, String positions) {
    return new CausalTracing(
        new Corruption.Noise(3),
        "image",
        new ActivationPatching(site, positions, 1).in(stack),
        CausalTracing.Direction.DENOISING,
        1,
        5);
  }

  private static CausalMap traced(Stack stack, Component site) {
    CausalTracing tracing = tracing(stack, site, "all");
    try (Run clean = answers.run(prompt(answers), tracing.capture(answers))) {
      Readout readout = Readout.of(clean, OptionalInt.empty(), OptionalInt.empty());
      return tracing.explain(clean, readout, Job.QUIET);
    }
  }

  /// The decoder reads only what left the last layer of the encoder: restored at all positions it
  /// gives the clean answer; what left an earlier one does not, since later layers read the
  /// corrupted picture.
  @Test
  void theLastLayerOfTheEncoderIsAllThatTheDecoderReads() {
    Point state = Point.of(Stack.ENCODER, Site.RESID_POST);
    Capture kept =
        Sweep.base(answers)
            .and(Capture.request(state))
            .and(Capture.request(Point.vision(Site.FEATURES)));
    try (Run clean = answers.run(prompt(answers), kept);
        Run broken =
            answers.run(
                Batch.of(prompt(answers)),
                kept,
                new Corruption.Noise(3).changes(clean, "image", 5))) {
      double high = probability(clean, best(clean));
      double low = probability(broken, best(clean));
      assertThat(high - low).isGreaterThan(0.05);
      for (int l = 0; l < 4; l++) {
        Intervention back =
            Intervention.at(state, l, new Op.Patch(Values.of(clean.get(state, l))))
                .at(Positions.all());
        try (Run restored = broken.replay(back)) {
          double found = probability(restored, best(clean));
          if (l == 3) {
            assertThat(found).isCloseTo(high, within(1e-6));
          } else {
            assertThat(Math.abs(found - high)).isGreaterThan(1e-4);
          }
        }
      }
      // Nothing restored is the corrupted run; the clean run restored by itself is the clean run.
      try (Run nothing = broken.replay();
          Run same =
              clean.replay(
                  Intervention.at(state, 1, new Op.Patch(Values.of(clean.get(state, 1))))
                      .at(Positions.all()))) {
        assertThat(probability(nothing, best(clean))).isCloseTo(low, within(1e-6));
        assertThat(probability(same, best(clean))).isCloseTo(high, within(1e-6));
      }
    }
  }

  @Test
  void theLastStateOfTheDecoderIsTheAnswer() {
    CausalMap decoder = traced(Stack.DECODER, Component.LAYER);
    assertThat(decoder.columns()).hasSize(1);
    assertThat(decoder.rows()).hasSize(5);
    double high = decoder.other().orElseThrow().probability();
    double low = decoder.base().probability();
    assertThat(decoder.cells().get(4).getFirst().probability()).isCloseTo(high, within(1e-6));
    // Its beginning was never corrupted.
    assertThat(decoder.cells().get(0).getFirst().probability()).isCloseTo(low, within(1e-6));
  }

  @Test
  void theEncoderHasARowForEachLayerAndAColumnForEachWord() {
    CausalMap encoder = traced(Stack.ENCODER, Component.AFTER_CROSS);
    assertThat(encoder.rows()).hasSize(4);
    assertThat(encoder.columns()).hasSize(10).contains("question[0]", "question[7]");
    // The words enter as they were: the picture alone is corrupted.
    CausalMap whole = traced(Stack.ENCODER, Component.LAYER);
    double low = whole.base().probability();
    assertThat(whole.cells().getFirst())
        .allSatisfy(cell -> assertThat(cell.probability()).isCloseTo(low, within(1e-6)));
  }

  // ---- pictures

  /// Hiding a patch is hiding what is read of it: of the squares that cover the picture each
  /// changes the answer by as much as the same change made by hand.
  @Test
  void hiddenPatchesAreThoseOfTheTower() {
    Occlusion occlusion = new Occlusion(Occlusion.Space.EMBEDDING, Occlusion.Fill.ZERO, 1);
    try (Run clean = answers.run(prompt(answers), occlusion.capture(answers))) {
      Readout readout = Readout.of(clean, OptionalInt.empty(), OptionalInt.empty());
      CausalMap map = occlusion.explain(clean, readout, Job.QUIET).getFirst();
      assertThat(map.rows()).hasSize(3);
      assertThat(map.columns()).hasSize(3);
      // Row 1, column 2 comes sixth, after a class token.
      try (Run hidden =
          clean.replay(
              Intervention.at(Point.vision(Site.FEATURES), 0, new Op.Zero()).at(Positions.of(6)))) {
        assertThat(map.cells().get(1).get(2).probability())
            .isCloseTo(probability(hidden, best(clean)), within(1e-6));
      }
    }
  }

  /// Methods that hide patches where they are read map all nine of them; the others say that they
  /// do not, and are left out of all.
  @Test
  void mapsAreOfThePatchesThatAreRead() {
    List<PatchMethod> fitting = PatchMethod.on(answers.model(), PatchMethod.ALL);
    assertThat(fitting)
        .extracting(PatchMethod::name)
        .containsExactly("occlusion", "rise", "random", "centre");
    assertThatThrownBy(
            () -> PatchMethod.on(answers.model(), PatchMethod.named("occlusion,rollout")))
        .hasMessageStartingWith("rollout does not map patches");
    Prompt prompt = prompt(answers);
    for (PatchMethod method : fitting) {
      Capture kept = Sweep.base(answers).and(method.capture(answers, prompt));
      try (Run run = answers.run(prompt, kept)) {
        Target target = Target.token("", 0, best(run));
        TokenMap.View view = PatchViews.of(run, "to map").getFirst();
        PatchMap map = method.map(run, target, view, new SplittableRandom(1));
        assertThat(map.values()).as(method.name()).hasSize(9);
      }
    }
  }

  /// Each stack's replays have numbers of their own: a second sweep finds all of both.
  @Test
  void theLedgerTellsStacksApart() {
    List<CausalTracing> both =
        List.of(
            tracing(Stack.ENCODER, Component.LAYER, "all"),
            tracing(Stack.DECODER, Component.LAYER, "all"));
    Map<Integer, double[]> kept = new HashMap<>();
    Ledger ledger =
        new Ledger() {
          @Override
          public Optional<double[]> result(int replay) {
            return Optional.ofNullable(kept.get(replay));
          }

          @Override
          public void done(int replay, double[] result) {
            assertThat(kept.put(replay, result)).isNull();
          }

          @Override
          public void flush() {}
        };
    Job job = new Job(Progress.NONE, cost -> {}, Limits.DEFAULT, ledger);
    Capture all =
        both.stream().map(tracing -> tracing.capture(answers)).reduce(Capture.NONE, Capture::and);
    try (Run clean = answers.run(prompt(answers), all)) {
      Readout readout = Readout.of(clean, OptionalInt.empty(), OptionalInt.empty());
      List<CausalMap> first = CausalTracing.all(both, clean, readout, job);
      assertThat(kept).hasSize(55);
      List<CausalMap> again = CausalTracing.all(both, clean, readout, job);
      for (int i = 0; i < 2; i++) {
        assertThat(again.get(i).cells()).isEqualTo(first.get(i).cells());
      }
    }
  }

  private static int best(Run run) {
    return run.logits().argmax(-1).toInts()[0];
  }

  private static double probability(Run run, int id) {
    try (Scope scope = Scope.open()) {
      Tensor logits = run.logits().reshape(-1).to(DType.FLOAT64);
      return Torch.softmax(logits, -1).select(0, id).item();
    }
  }
}
