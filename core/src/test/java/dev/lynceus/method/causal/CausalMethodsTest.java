package dev.lynceus.method.causal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.method.causal.Measures.Metric;
import dev.lynceus.run.Batch;
import dev.lynceus.run.Cost;
import dev.lynceus.run.Ledger;
import dev.lynceus.run.LedgerFile;
import dev.lynceus.run.LedgerKey;
import dev.lynceus.run.Limits;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.TinyModels;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Indices;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.Site;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Identities of the causal methods: what must hold for every model.
class CausalMethodsTest {
  private static final int LAYERS = TinyModels.LAYERS;
  @TempDir static Path folder;
  private static LoadedModel model;
  private static Prompt prompt;
  private static Capture all;
  private static Run clean;
  private static Run other;
  private static Readout readout;

  @BeforeAll
  static void open() {
    model = TinyModels.load(folder, Family.LLAVA_CLIP);
    prompt = TinyModels.prompt(model, Family.LLAVA_CLIP, "what color is the dog", 1);
    all =
        Component.LAYER
            .capture(model)
            .and(Capture.request(Point.Z))
            .and(Capture.request(Point.ATTN_OUT))
            .and(Capture.request(Point.MLP_OUT))
            .and(Capture.request(Point.ROT_Q))
            .and(Capture.request(Point.ROT_K))
            .and(Capture.request(Point.RESID_MID))
            .and(Capture.request(Point.V));
    clean = model.run(prompt, all);
    other = model.run(TinyModels.prompt(model, Family.LLAVA_CLIP, "what color is the dog", 2), all);
    readout = Readout.of(clean, OptionalInt.empty(), OptionalInt.empty());
  }

  @AfterAll
  static void close() {
    other.close();
    clean.close();
    model.close();
  }

  private static Measures full(Intervention... changes) {
    try (Run run = model.run(Batch.of(prompt), Capture.NONE, List.of(changes))) {
      return readout.of(run);
    }
  }

  private static void close(Measures actual, Measures expected) {
    assertThat(actual.numbers()).containsExactly(expected.numbers(), within(1e-4));
  }

  @Test
  void theCleanRunIsMeasured() {
    Measures measures = readout.of(clean);
    assertThat(measures.divergence()).isCloseTo(0, within(1e-9));
    assertThat(measures.logitDifference()).as("the first against the second").isPositive();
    assertThat(Math.log(measures.probability())).isCloseTo(measures.logProbability(), within(1e-9));
    assertThat(readout.of(other).divergence()).isPositive();
    assertThatThrownBy(() -> Readout.of(clean, OptionalInt.of(3), OptionalInt.of(3)))
        .hasMessageContaining("compared with itself");
  }

  @Test
  void patchingARunWithItselfChangesNothing() {
    for (Component site : Component.values()) {
      if (!clean.model().model().has(site.point())) {
        continue;
      }
      if (site == Component.NEURON) {
        assertThatThrownBy(() ->
                new ActivationPatching(site, "last", 1).explain(clean, clean, readout, Job.QUIET))
            .hasMessageContaining("too many to be patched one by one");
        continue;
      }
      CausalMap map =
          new ActivationPatching(site, site.whole() ? "all" : "last", 2)
              .explain(clean, clean, readout, Job.QUIET);
      assertThat(map.strongest(Metric.LOG_PROBABILITY, 1).getFirst().change())
          .as(site + "")
          .isCloseTo(0, within(1e-5));
    }
  }

  @Test
  void patchingTheLastRowAfterTheLastLayerGivesTheOtherRun() {
    CausalMap map =
        new ActivationPatching(Component.LAYER, "last", 1)
            .explain(clean, other, readout, Job.QUIET);

    assertThat(map.rows()).containsExactly("embedding", "0", "1", "2");
    close(map.cells().getLast().getLast(), readout.of(other));
    assertThat(map.effects(Metric.LOGIT)[LAYERS][0]).isCloseTo(1, within(1e-3));
  }

  @Test
  void bothDirectionsOfATraceMeetAtTheLastRow() {
    ActivationPatching patching = new ActivationPatching(Component.LAYER, "last", 1);
    for (CausalTracing.Direction direction : CausalTracing.Direction.values()) {
      CausalMap map =
          new CausalTracing(
                  new Corruption.Other(other, "another picture"),
                  "image",
                  patching,
                  direction,
                  5,
                  0)
              .explain(clean, readout, Job.QUIET);
      boolean restoring = direction == CausalTracing.Direction.DENOISING;
      close(map.cells().getLast().getLast(), readout.of(restoring ? clean : other));
      close(map.base(), readout.of(restoring ? other : clean));
      assertThat(map.repeats()).as("the same each time").isEqualTo(1);
    }
  }

  @Test
  void noiseIsSeededAndAveraged() {
    ActivationPatching patching = new ActivationPatching(Component.FEED_FORWARD, "image", 3);
    CausalTracing one = tracing(patching, 1, 7);
    CausalMap first = one.explain(clean, readout, Job.QUIET);
    CausalMap second = tracing(patching, 1, 8).explain(clean, readout, Job.QUIET);
    CausalMap both = tracing(patching, 2, 7).explain(clean, readout, Job.QUIET);

    assertThat(first.spreads()).isEmpty();
    double a = first.cells().get(1).get(2).logit();
    double b = second.cells().get(1).get(2).logit();
    assertThat(a).isNotCloseTo(b, within(1e-3));
    assertThat(both.cells().get(1).get(2).logit()).isCloseTo((a + b) / 2, within(1e-4));
    // Two values: t(1) times |a - b| / 2.
    assertThat(both.spreads().orElseThrow().get(1).get(2).logit())
        .isCloseTo(12.706 * Math.abs(a - b) / 2, within(1e-2));
    assertThat(both.base().logit())
        .isCloseTo((first.base().logit() + second.base().logit()) / 2, within(1e-4));
    assertThat(one.explain(clean, readout, Job.QUIET).cells()).isEqualTo(first.cells());
  }

  private static CausalTracing tracing(ActivationPatching patching, int repeats, long seed) {
    return new CausalTracing(
        new Corruption.Noise(3),
        "image",
        patching,
        CausalTracing.Direction.DENOISING,
        repeats,
        seed);
  }

  @Test
  void aCorruptionOfNothingIsSaid() {
    CausalMap map =
        new CausalTracing(
                new Corruption.Noise(1e-6),
                "image",
                new ActivationPatching(Component.LAYER, "last", 1),
                CausalTracing.Direction.DENOISING,
                1,
                0)
            .explain(clean, readout, Job.QUIET);
    TotalEffect gate = map.gate().orElseThrow();
    assertThat(gate.passed()).isFalse();
    assertThat(gate.text()).contains("this map tells little");
    assertThat(gate.lost()).isZero();
  }

  @Test
  void ablationsEqualWholeRuns() {
    CausalMap heads =
        new Ablation(Component.HEAD, Ablation.Fill.MEAN, "all").explain(clean, readout, Job.QUIET);
    close(
        heads.cells().get(1).get(2),
        full(Intervention.at(Point.Z, 1, new Op.Mean(Positions.all())).heads(2)));
    CausalMap layers =
        new Ablation(Component.LAYER, Ablation.Fill.ZERO, "all").explain(clean, readout, Job.QUIET);
    close(
        layers.cells().get(1).getFirst(),
        full(
            Intervention.at(Point.ATTN_OUT, 1, new Op.Zero()),
            Intervention.at(Point.MLP_OUT, 1, new Op.Zero())));
    CausalMap last =
        new Ablation(Component.FEED_FORWARD, Ablation.Fill.ZERO, "last")
            .explain(clean, readout, Job.QUIET);
    close(
        last.cells().get(2).getFirst(),
        full(Intervention.at(Point.MLP_OUT, 2, new Op.Zero()).at(Positions.last())));
  }

  @Test
  void aBlindLastRowDoesNotDependOnThePicture() {
    int length = prompt.length();
    AttentionKnockout blind =
        new AttentionKnockout(
            List.of(new AttentionKnockout.Edge("last", "0:" + (length - 1))),
            2 * LAYERS,
            List.of());
    double[] one = blind.explain(clean, readout, Job.QUIET).cells().getFirst().getFirst().numbers();
    double[] two = blind.explain(other, readout, Job.QUIET).cells().getFirst().getFirst().numbers();
    assertThat(one).containsExactly(two, within(1e-5));
    // Of one head only, it does.
    CausalMap some =
        new AttentionKnockout(
                List.of(
                    new AttentionKnockout.Edge("20:22", "image"),
                    new AttentionKnockout.Edge("last", "image")),
                1,
                List.of(0))
            .explain(clean, readout, Job.QUIET);
    assertThat(some.columns()).containsExactly("20:22 ← image", "last ← image");
    close(
        some.cells().get(1).get(1),
        full(
            new Intervention(
                Point.ATTN_SCORES,
                Indices.of(1),
                Indices.of(0),
                Positions.last(),
                new Op.Mask(Positions.parse("image")))));
  }

  @Test
  void hiddenPixelsAreEncodedAgain() {
    for (Occlusion.Fill fill : Occlusion.Fill.values()) {
      CausalMap map =
          new Occlusion(Occlusion.Space.PIXELS, fill, 2)
              .explain(clean, readout, Job.QUIET)
              .getFirst();
      assertThat(map.rows()).hasSize(2);
      close(
          map.cells().get(1).get(0),
          full(
              Intervention.at(
                  Point.vision(Site.PIXELS),
                  0,
                  new Op.Patch(new CoveredPixels(clean, fill).covered(0, 0.5, 0, 0.5, 0.5)))));
      assertThat(map.cells().get(1).get(0)).isNotEqualTo(map.cells().get(0).get(0));
    }
    CausalMap whole =
        new Occlusion(Occlusion.Space.EMBEDDING, Occlusion.Fill.ZERO, 9)
            .explain(clean, readout, Job.QUIET)
            .getFirst();
    close(
        whole.cells().getFirst().getFirst(),
        full(Intervention.at(Point.EMBED_MERGED, 0, new Op.Zero()).at(Positions.parse("image"))));
    assertThatThrownBy(() -> new Occlusion(Occlusion.Space.EMBEDDING, Occlusion.Fill.BLUR, 1))
        .hasMessageContaining("not blurred");
  }

  @Test
  void aTraceGoesOnFromItsLedger() {
    Path file = folder.resolve("trace.txt");
    List<Cost> costs = new ArrayList<>();
    AtomicInteger told = new AtomicInteger();
    Progress stopping =
        new Progress() {
          @Override
          public void at(String stage, long done, long total) {
            told.set((int) done);
          }

          @Override
          public boolean cancelled() {
            return told.get() > 40;
          }
        };
    CausalTracing tracing = tracing(new ActivationPatching(Component.LAYER, "image", 1), 2, 3);
    Limits small = new Limits(1 << 22, 100);
    try (LedgerFile ledger = LedgerFile.open(file, LedgerKey.of("sweep", "tiny"))) {
      assertThatThrownBy(
              () -> tracing.explain(clean, readout, new Job(stopping, costs::add, small, ledger)))
          .hasMessageContaining("stopped after");
    }
    try (LedgerFile ledger = LedgerFile.open(file, LedgerKey.of("sweep", "tiny"))) {
      CausalMap map =
          tracing.explain(clean, readout, new Job(Progress.NONE, costs::add, small, ledger));
      CausalMap whole = tracing.explain(clean, readout, Job.QUIET);
      for (int row = 0; row < map.rows().size(); row++) {
        for (int column = 0; column < map.columns().size(); column++) {
          close(map.cells().get(row).get(column), whole.cells().get(row).get(column));
        }
      }
    }
    assertThat(costs.getFirst().replays()).isEqualTo(2 * (LAYERS + 1) * 16);
    assertThat(costs.getLast().replays()).isEqualTo(costs.getFirst().replays() - told.get());
  }

  /// Cancelled in the middle of a batch, a sweep ends with that batch.
  @Test
  void cancellingEndsWithTheBatchThatRuns() {
    ActivationPatching patching = new ActivationPatching(Component.LAYER, "image", 1);
    Limits small = new Limits(1 << 24, 5 * prompt.length());
    for (int stop : List.of(1, 7, 20)) {
      AtomicInteger finished = new AtomicInteger();
      List<Integer> batches = new ArrayList<>(List.of(0));
      Ledger counting =
          new Ledger() {
            @Override
            public Optional<double[]> result(int replay) {
              return Optional.empty();
            }

            @Override
            public void done(int replay, double[] result) {
              finished.incrementAndGet();
            }

            @Override
            public void flush() {
              batches.add(finished.get());
            }
          };
      Progress stopping =
          new Progress() {
            @Override
            public void at(String stage, long done, long total) {}

            @Override
            public boolean cancelled() {
              return finished.get() >= stop;
            }
          };
      assertThatThrownBy(() ->
              patching.explain(
                  clean, other, readout, new Job(stopping, cost -> {}, small, counting)))
          .hasMessageContaining("stopped after " + batches.getLast() + " of ");
      assertThat(batches.getLast()).isGreaterThanOrEqualTo(stop);
      assertThat(batches.get(batches.size() - 2)).as("the batch before").isLessThan(stop);
      assertThat(batches.getLast()).isLessThan((LAYERS + 1) * 16);
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    try (Run longer =
        model.run(
            TinyModels.prompt(model, Family.LLAVA_CLIP, "what color is the big dog", 2), all)) {
      assertThatThrownBy(() ->
              new ActivationPatching(Component.HEAD, "last", 1)
                  .explain(clean, longer, readout, Job.QUIET))
          .hasMessageContaining("positions, the other");
    }
    assertThat(
            Arrays.asList(new Window(3).around(0, 12).length, new Window(3).around(11, 12).length))
        .containsExactly(2, 2);
    assertThat(new Window(10).around(0, 48)).containsExactly(0, 1, 2, 3, 4);
    assertThat(new Window(10).around(20, 48)).startsWith(15).endsWith(24).hasSize(10);
    assertThat(new Window(10).around(47, 48)).startsWith(42).endsWith(47);
    assertThat(new Window(3).around(5, 12)).containsExactly(4, 5, 6);
  }
}
