package dev.lynceus.model.blip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.image.ImageFileReader;
import dev.lynceus.image.RgbImage;
import dev.lynceus.method.PatchViews;
import dev.lynceus.method.Target;
import dev.lynceus.method.causal.ActivationPatching;
import dev.lynceus.method.causal.AttentionKnockout;
import dev.lynceus.method.causal.CausalMap;
import dev.lynceus.method.causal.CausalTracing;
import dev.lynceus.method.causal.Component;
import dev.lynceus.method.causal.Corruption;
import dev.lynceus.method.causal.Job;
import dev.lynceus.method.causal.Occlusion;
import dev.lynceus.method.causal.Readout;
import dev.lynceus.method.map.PatchMap;
import dev.lynceus.method.map.PatchMethod;
import dev.lynceus.run.Batch;
import dev.lynceus.run.Ledger;
import dev.lynceus.run.Limits;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Capture;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Changes of a BLIP: tracing begins and ends where it must, looks are taken away, and patches are
/// hidden, where they are read.
class BlipChangesTest {
  private static final Path GOLDENS = Path.of("src/test/resources/goldens");
  private static LoadedModel answers;
  private static RgbImage photo;

  @BeforeAll
  static void load() {
    answers = LoadedModel.load(GOLDENS.resolve("blip-vqa/hub"), LoadOptions.DEFAULT);
    photo = new ImageFileReader().read(GOLDENS.resolve("images/photo.png"));
  }

  @AfterAll
  static void close() {
    answers.close();
  }

  private static Prompt prompt(LoadedModel model) {
    return model.prompt("what is the color of the dog ?", model.picture("photo", photo));
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
        .containsExactly(
            "occlusion", "rise", "relevancy", "relevancy-composed", "random", "centre");
    assertThatThrownBy(
            () -> PatchMethod.on(answers.model(), PatchMethod.named("occlusion,rollout")))
        .hasMessageEndingWith("for which there are no maps by rollout");
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

  /// Who sees nothing of the picture, or of the question, says the same of any; a part of what is
  /// read taken away is less than all.
  @Test
  void looksAreTakenAwayWhereTheyAreTaken() {
    RgbImage second = new ImageFileReader().read(GOLDENS.resolve("images/second.png"));
    Prompt other =
        answers.prompt("what is the color of the dog ?", answers.picture("second", second));
    int all = 4;
    List<AttentionKnockout.Edge> ways;
    try (Run clean = answers.run(prompt(answers), Capture.NONE)) {
      ways = AttentionKnockout.ways(clean);
    }
    for (AttentionKnockout.Edge edge : ways) {
      AttentionKnockout blind = new AttentionKnockout(List.of(edge), 2 * all, List.of());
      double[] said = new double[2];
      double before;
      try (Run one = answers.run(prompt(answers), blind.capture(answers));
          Run two = answers.run(other, blind.capture(answers))) {
        Readout readout = Readout.of(one, OptionalInt.empty(), OptionalInt.empty());
        before = Math.abs(readout.of(one).probability() - readout.of(two).probability());
        said[0] = blind.explain(one, readout, Job.QUIET).cells().get(all - 1).getFirst().logit();
        said[1] = blind.explain(two, readout, Job.QUIET).cells().get(all - 1).getFirst().logit();
      }
      assertThat(before).isGreaterThan(0.01);
      if (edge.sources().equals("question")) {
        // The decoder reads the picture by the question alone.
        assertThat(said[0]).isCloseTo(said[1], within(1e-4));
      }
    }
    AttentionKnockout part =
        new AttentionKnockout(
            List.of(
                new AttentionKnockout.Edge("question", "image"),
                new AttentionKnockout.Edge("question", "image[0].row[1].col[1]")),
            1,
            List.of());
    try (Run clean = answers.run(prompt(answers), part.capture(answers))) {
      Readout readout = Readout.of(clean, OptionalInt.empty(), OptionalInt.empty());
      CausalMap map = part.explain(clean, readout, Job.QUIET);
      assertThat(map.cells().get(1).get(1).divergence()).isPositive();
      assertThat(map.cells().get(1).get(1).divergence())
          .isLessThan(map.cells().get(1).getFirst().divergence());
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
