package dev.lynceus.method.causal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.image.ProcessedImage;
import dev.lynceus.method.causal.CausalTracing.Direction;
import dev.lynceus.method.causal.Measures.Metric;
import dev.lynceus.run.Batch;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.TinyModels;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.Scope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What corruptions do to an input, and what a trace with a severed path restores.
class CorruptionTest {
  private static final int LAYERS = TinyModels.LAYERS;
  private static final String QUESTION = "what color is the dog";
  @TempDir static Path folder;
  private static LoadedModel model;
  private static Prompt prompt;
  private static Capture all;
  private static Run clean;
  private static Readout readout;

  @BeforeAll
  static void open() {
    model = TinyModels.load(folder, Family.LLAVA_CLIP);
    prompt = TinyModels.prompt(model, Family.LLAVA_CLIP, QUESTION, 1);
    all = Component.LAYER.capture(model);
    for (Point point : List.of(Point.RESID_POST, Point.ATTN_OUT, Point.MLP_OUT)) {
      all = all.and(Capture.request(point));
    }
    clean = model.run(prompt, all);
    readout = Readout.of(clean, OptionalInt.empty(), OptionalInt.empty());
  }

  @AfterAll
  static void close() {
    clean.close();
    model.close();
  }

  private static Run corrupted(Corruption corruption, String where, long seed) {
    return model.run(Batch.of(prompt), all, corruption.changes(clean, where, seed));
  }

  private static double logit(Corruption corruption, long seed) {
    try (Run run = corrupted(corruption, "image", seed)) {
      return readout.of(run).logit();
    }
  }

  private static CausalTracing tracing(Corruption corruption, String where, int repeats) {
    return new CausalTracing(
        corruption,
        where,
        new ActivationPatching(Component.LAYER, "all", 1),
        Direction.DENOISING,
        repeats,
        0);
  }

  @Test
  void factorsAreSeededAndTheirMeanIsOne() {
    Corruption five = new Corruption.Multiplied(5);
    assertThat(logit(five, 1)).isEqualTo(logit(five, 1)).isNotEqualTo(logit(five, 2));
    try (Scope scope = Scope.open();
        Run run = corrupted(new Corruption.Multiplied(0.5), "image", 3)) {
      double[] ratios =
          run.get(Point.EMBED_MERGED, 0)
              .div(clean.merged())
              .indexSelect(1, dev.lynceus.tensor.Tensor.indices(prompt.tokens().find("image")))
              .toDoubles();
      double mean = 0;
      double square = 0;
      for (double ratio : ratios) {
        mean += ratio / ratios.length;
        square += (ratio - 1) * (ratio - 1) / ratios.length;
      }
      assertThat(mean).isCloseTo(1, within(0.08));
      assertThat(Math.sqrt(square)).isCloseTo(0.5, within(0.05));
    }
    CausalMap map = tracing(five, "image", 3).explain(clean, readout, Job.QUIET);
    assertThat(map.repeats()).isEqualTo(3);
    assertThat(map.spreads()).isPresent();
    assertThat(map.gate().orElseThrow().spread()).isPositive();
    assertThat(map.gate().orElseThrow().text()).contains(" ± ");
    assertThat(map.cells().getLast().getLast().logit())
        .as("the last row after the last layer is the answer")
        .isCloseTo(readout.of(clean).logit(), within(1e-3));
  }

  @Test
  void oneFactorIsAScaling() {
    try (Run run =
        model.run(
            Batch.of(prompt),
            Capture.NONE,
            List.of(
                Intervention.at(Point.EMBED_MERGED, 0, new Op.Scale(0.7691))
                    .at(Positions.parse("image"))))) {
      assertThat(logit(new Corruption.Shrunk(0.7691), 0))
          .isCloseTo(readout.of(run).logit(), within(1e-6));
    }
    CausalMap map =
        tracing(new Corruption.Shrunk(0.5), "image", 9).explain(clean, readout, Job.QUIET);
    assertThat(map.repeats()).as("the same each time").isEqualTo(1);
    assertThatThrownBy(() -> new Corruption.Shrunk(1)).hasMessageContaining("is no corruption");
    assertThatThrownBy(() -> new Corruption.Multiplied(0)).hasMessageContaining("of deviation 0");
  }

  @Test
  void aBlurLeavesAMeanAndNoDetail() {
    ProcessedImage view = prompt.pictures().getFirst().views().getFirst();
    float[] little = BlurredPictures.blurred(view, 1);
    float[] much = BlurredPictures.blurred(view, 100);
    int plane = view.width() * view.height();
    double sum = 0;
    for (int i = 0; i < plane; i++) {
      sum += view.pixels()[i];
      assertThat(much[i]).as("everywhere the mean").isCloseTo(much[0], within(1e-4f));
    }
    assertThat(much[0]).isCloseTo((float) (sum / plane), within(1e-3f));
    assertThat(variance(little, plane)).isBetween(1e-6, 0.2 * variance(view.pixels(), plane));
    try (Run blurred = BlurredPictures.run(clean, 0.3)) {
      Corruption corruption = new Corruption.Other(blurred, "a blur");
      assertThat(logit(corruption, 0)).isCloseTo(readout.of(blurred).logit(), within(1e-4));
      assertThat(logit(corruption, 0)).isNotCloseTo(readout.of(clean).logit(), within(1e-2));
    }
    assertThatThrownBy(() -> BlurredPictures.run(clean, 2).close())
        .hasMessageContaining("a blur of 2.0");
  }

  private static double variance(float[] numbers, int count) {
    double mean = 0;
    double square = 0;
    for (int i = 0; i < count; i++) {
      mean += numbers[i] / count;
      square += numbers[i] * numbers[i] / (double) count;
    }
    return square - mean * mean;
  }

  @Test
  void aReplacedWordIsTheOtherQuestion() {
    Replacement words = Replacement.parse("dog=cat");
    Prompt prompted = TinyModels.prompt(model, Family.LLAVA_CLIP, words.in(QUESTION), 1);
    String where = words.where(prompt, prompted);
    assertThat(where).isEqualTo(Integer.toString(prompt.length() - 1));
    try (Run swapped = model.run(prompted, Capture.NONE)) {
      CausalMap map =
          tracing(new Corruption.Other(swapped, "cat"), where, 1)
              .explain(clean, readout, Job.QUIET);
      assertThat(map.base().logit()).isCloseTo(readout.of(swapped).logit(), within(1e-4));
      int last = map.columns().size() - 1;
      assertThat(map.effects(Metric.LOGIT)[0][last])
          .as("the word itself brings the answer back")
          .isCloseTo(1, within(1e-3));
      assertThat(map.effects(Metric.LOGIT)[0][0])
          .as("another place does not")
          .isCloseTo(0, within(1e-5));
    }
    assertThatThrownBy(() -> new Replacement("do", "cat").in(QUESTION))
        .hasMessageContaining("does not have the word 'do'");
    assertThatThrownBy(() -> Replacement.parse("dog")).hasMessageContaining("what replaces what");
    assertThatThrownBy(() ->
            new Replacement("dog", "big dog")
                .where(
                    prompt,
                    TinyModels.prompt(model, Family.LLAVA_CLIP, "what color is the big dog", 1)))
        .hasMessageContaining("tokens, not");
    assertThatThrownBy(() -> words.where(prompt, prompt)).hasMessageContaining("the same tokens");
  }

  @Test
  void aSeveredPathKeepsWhatTheChangedRunWrote() {
    try (Run broken = corrupted(new Corruption.Zero(), "image", 0)) {
      for (Component path : List.of(Component.ATTENTION, Component.FEED_FORWARD)) {
        ActivationPatching severed =
            new ActivationPatching(Component.LAYER, "last", 1, Optional.of(path));
        ActivationPatching plain = new ActivationPatching(Component.LAYER, "last", 1);
        CausalMap map = severed.explain(broken, clean, readout, Job.QUIET);
        CausalMap whole = plain.explain(broken, clean, readout, Job.QUIET);
        List<Intervention> changes =
            new ArrayList<>(new Corruption.Zero().changes(clean, "image", 0));
        changes.add(put(Point.RESID_POST, clean, 0));
        for (int l = 1; l < LAYERS; l++) {
          changes.add(put(path.point(), broken, l));
        }
        try (Run expected = model.run(Batch.of(prompt), Capture.NONE, changes)) {
          assertThat(map.cells().get(1).getFirst().logit())
              .isCloseTo(readout.of(expected).logit(), within(1e-4));
        }
        assertThat(map.cells().get(1).getFirst().logit())
            .isNotCloseTo(whole.cells().get(1).getFirst().logit(), within(1e-3));
        assertThat(map.cells().getLast().getFirst().logit())
            .as("nothing comes after the last layer")
            .isCloseTo(whole.cells().getLast().getFirst().logit(), within(1e-5));
        assertThat(map.what()).contains("held");
      }
    }
    assertThatThrownBy(() ->
            new ActivationPatching(Component.HEAD, "last", 1, Optional.of(Component.ATTENTION)))
        .hasMessageContaining("is not severed");
  }

  private static Intervention put(Point point, Run from, int layer) {
    return Intervention.at(point, layer, new Op.Patch(Values.of(from.get(point, layer))))
        .at(Positions.last());
  }
}
