package dev.lynceus.method.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.method.Target;
import dev.lynceus.method.map.AverageAttentionMap;
import dev.lynceus.method.map.PatchMap;
import dev.lynceus.method.map.SinkFreeAttentionMap;
import dev.lynceus.method.map.ValueWeightedAttentionMap;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.TinyModels;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.Scope;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Identities of what is told about attention: shares sum to one, sinks are where they were
/// planted, what is given away arrives.
class AttentionViewsTest {
  private static final int SINK_DIMENSION = 5;

  @TempDir static Path folder;
  private static LoadedModel model;
  private static Prompt prompt;

  @BeforeAll
  static void open() {
    model = TinyModels.load(folder, Family.LLAVA_CLIP);
    prompt = TinyModels.prompt(model, Family.LLAVA_CLIP, "what color is the dog", 1);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static AttentionOptions options(
      List<HeadRef> named, Optional<String> patches, Optional<VisualRedistribution> var) {
    return new AttentionOptions(
        Optional.empty(),
        3,
        named,
        patches,
        Sinks.Settings.FOUND,
        var,
        Optional.of(AttentionOptions.Why.parse("2.1@most")),
        4);
  }

  @Test
  void sharesOfTheZonesSumToOne() {
    AttentionResult result =
        new AttentionExplainer(
                model, options(List.of(), Optional.of("image"), Optional.empty()), Progress.NONE)
            .explain(prompt);

    int image = prompt.tokens().positions(TokenMap.Role.IMAGE).length;
    HeadGrid seen = result.grids().getFirst();
    assertThat(seen.positions()).isEqualTo(image);
    for (int l = 0; l < seen.mass().length; l++) {
      for (int h = 0; h < seen.mass()[l].length; h++) {
        assertThat(seen.mass()[l][h]).isBetween(0.0, 1.0);
        assertThat(seen.mean()[l][h] * image).isCloseTo(seen.mass()[l][h], within(1e-12));
      }
    }
    assertThat(result.heads()).hasSize(3);
    for (AttentionResult.HeadMap head : result.heads()) {
      assertThat(Arrays.stream(head.maps().getFirst()).sum()).isCloseTo(head.mass(), within(1e-9));
      assertThat(head.mass())
          .isCloseTo(seen.mass()[head.head().layer()][head.head().head()], within(1e-12));
    }
    AttentionResult.PatchReaders readers = result.patches().orElseThrow();
    for (int w = 0; w < readers.all().length; w++) {
      assertThat(readers.all()[w] * image)
          .as("the whole image is read as the words say")
          .isCloseTo(result.words().get(w).image(), within(1e-9));
    }
  }

  @Test
  void rowsSumToOneAndAreThoseOfOnePass() {
    int first = prompt.length() - 1;
    Prompt longer = prompt.withAnswer(7, 9);
    try (Run run = model.run(longer, AttentionRows.capture(first));
        Run whole = model.run(longer, Capture.of(Capture.request(Point.PATTERN)));
        Scope scope = Scope.open()) {
      AttentionRows rows = AttentionRows.of(run, first, 3);
      for (int row = first; row < first + 3; row++) {
        double[] read = rows.mean(new int[] {row}, 1, 2);
        assertThat(Arrays.stream(read).sum()).isCloseTo(1, within(1e-5));
        assertThat(read)
            .containsExactly(
                whole.get(Point.PATTERN, 1).select(0, 0).select(0, 2).select(0, row).toDoubles(),
                within(1e-6));
      }
      int[] everything = IntStream.range(0, longer.length()).toArray();
      HeadGrid all = rows.grid("all", new int[] {first, first + 1}, everything);
      assertThat(all.average()).isCloseTo(1, within(1e-5));
    }
  }

  /// Position 0 and a patch get a massive value in one dimension at the input of every layer.
  private static Intervention[] massive() {
    float[] direction = new float[TinyWidth.WIDTH];
    direction[SINK_DIMENSION] = 300;
    int patch = prompt.tokens().positions(TokenMap.Role.IMAGE)[3];
    return IntStream.range(0, TinyModels.LAYERS)
        .mapToObj(l ->
            Intervention.at(Point.RESID_PRE, l, new Op.Add(Values.of(direction), 1))
                .at(Positions.of(0, patch)))
        .toArray(Intervention[]::new);
  }

  /// Width of the tiny models, which their class does not tell.
  private static final class TinyWidth {
    private static final int WIDTH = 32;
  }

  @Test
  void plantedSinksAreFound() {
    int patch = prompt.tokens().positions(TokenMap.Role.IMAGE)[3];
    try (Run plain = model.run(prompt, Sinks.capture());
        Run planted = model.run(prompt, Sinks.capture(), massive())) {
      assertThat(Sinks.of(plain, Sinks.Settings.FOUND).count()).isZero();
      Sinks found = Sinks.of(planted, new Sinks.Settings(new int[0], OptionalDouble.of(5)));
      assertThat(found.dimensions()).containsExactly(SINK_DIMENSION);
      assertThat(found.lasting()).containsExactly(0, patch);
      assertThat(found.largest(patch)).isBetween(5.0, Math.sqrt(32) + 1e-9);
      assertThatThrownBy(
              () -> Sinks.of(plain, new Sinks.Settings(new int[] {32}, OptionalDouble.empty())))
          .hasMessageContaining("no dimension 32");
    }
    assertThat(Sinks.threshold(4096)).isEqualTo(20);
    assertThat(Sinks.threshold(64)).isEqualTo(4);
  }

  @Test
  void whatIsTakenFromSinksArrivesAtThePatches() {
    int[] image = prompt.tokens().positions(TokenMap.Role.IMAGE);
    int row = prompt.length() - 1;
    Op.Redistribute op =
        new Op.Redistribute(Positions.of(0, image[3]), Positions.parse("image"), .6, 0);
    Intervention change = Intervention.at(Point.PATTERN, 1, op).at(Positions.from(row));
    Capture plan = Capture.of(Capture.request(Point.PATTERN));
    try (Run plain = model.run(prompt, plan);
        Run changed = model.run(prompt, plan, change)) {
      double[] before = row(plain, 1, 2, row);
      double[] after = row(changed, 1, 2, row);
      double paid = .6 * (before[0] + before[image[3]]);
      double free =
          IntStream.of(image).filter(p -> p != image[3]).mapToDouble(p -> before[p]).sum();
      assertThat(Arrays.stream(after).sum()).isCloseTo(1, within(1e-6));
      assertThat(after[0]).isCloseTo(.4 * before[0], within(1e-6));
      assertThat(after[image[3]]).isCloseTo(.4 * before[image[3]], within(1e-6));
      assertThat(after[image[5]]).isCloseTo(before[image[5]] * (1 + paid / free), within(1e-6));
      assertThat(after[row]).isCloseTo(before[row], within(1e-7));
      assertThat(row(changed, 1, 2, row - 1))
          .containsExactly(row(plain, 1, 2, row - 1), within(0.0));
    }
    // Rows whose patches other than sinks have too little stay as they are.
    Op.Redistribute never =
        new Op.Redistribute(Positions.of(image), Positions.parse("image"), .6, .5);
    try (Run plain = model.run(prompt, Capture.NONE);
        Run changed = model.run(prompt, Capture.NONE, Intervention.at(Point.PATTERN, 1, never))) {
      assertThat(changed.logits().toFloats()).isEqualTo(plain.logits().toFloats());
    }
    assertThatThrownBy(() -> new VisualRedistribution(1.5, 0))
        .hasMessageContaining("a share of 1.5");
    assertThatThrownBy(() -> Intervention.at(Point.Z, 1, op)).hasMessageContaining("redistribute");
  }

  private static double[] row(Run run, int layer, int head, int row) {
    try (Scope scope = Scope.open()) {
      return run.get(Point.PATTERN, layer).select(0, 0).select(0, head).select(0, row).toDoubles();
    }
  }

  @Test
  void redistributionIsMeasuredBesideTheCleanAnswer() {
    Sinks.Settings given = new Sinks.Settings(new int[] {SINK_DIMENSION}, OptionalDouble.of(1.2));
    try (Run run = model.run(prompt, Sinks.capture())) {
      Sinks sinks = Sinks.of(run, given);
      int[] answer = {7, 9, 11};
      VisualRedistribution.Effect effect =
          new VisualRedistribution(.5, 0).measure(model, prompt, sinks, answer, "x", 3);
      assertThat(sinks.count()).isPositive();
      assertThat(effect.layers()).doesNotContain(TinyModels.LAYERS - 1).isNotEmpty();
      assertThat(effect.changedLog()).isNotCloseTo(effect.cleanLog(), within(1e-6));
      assertThat(effect.words().stream().mapToDouble(VisualRedistribution.WordEffect::clean).sum())
          .isCloseTo(effect.cleanLog(), within(1e-9));
      VisualRedistribution.Effect nothing =
          new VisualRedistribution(0, 0).measure(model, prompt, sinks, answer, "x", 3);
      assertThat(nothing.changedLog()).isCloseTo(nothing.cleanLog(), within(1e-9));
    }
  }

  @Test
  void mapsWithoutSinksAndWeightedMaps() {
    Prompt longer = prompt.withAnswer(7);
    int row = longer.length() - 1;
    Target target = Target.token("x", row, 9);
    TokenMap.View view = longer.tokens().views().getFirst();
    Capture plan = new ValueWeightedAttentionMap().capture(model, row);
    SplittableRandom random = new SplittableRandom(1);
    int patch = view.positions()[3];
    try (Run plain = model.run(longer, plan);
        Run planted = model.run(longer, plan, massive());
        Scope scope = Scope.open()) {
      double[] all = new AverageAttentionMap().map(plain, target, view, random).values();
      assertThat(new SinkFreeAttentionMap().map(plain, target, view, random).values())
          .as("no sinks, no difference")
          .containsExactly(all, within(1e-7));
      double[] clean = new SinkFreeAttentionMap().map(planted, target, view, random).values();
      assertThat(clean[3]).isZero();
      assertThat(clean[4]).isPositive();

      PatchMap weighted = new ValueWeightedAttentionMap().map(plain, target, view, random);
      double expected = 0;
      for (int l = 0; l < TinyModels.LAYERS; l++) {
        dev.lynceus.method.RowTrace trace = new dev.lynceus.method.RowTrace(plain, row);
        for (int h = 0; h < TinyModels.HEADS; h++) {
          var moved =
              trace
                  .values(l, h)
                  .matmul(trace.outputs(l, h))
                  .select(0, patch)
                  .mul(trace.pattern(l).select(0, h).select(0, patch).item());
          expected += moved.square().sum().sqrt().item();
        }
      }
      assertThat(weighted.values()[3])
          .isCloseTo(expected / (TinyModels.LAYERS * TinyModels.HEADS), within(1e-5));
    }
  }

  @Test
  void whatIsNotThereIsRefused() {
    assertThatThrownBy(() -> HeadRef.parse("3")).hasMessageContaining("names no head");
    assertThatThrownBy(() -> AttentionOptions.Why.parse("1.2"))
        .hasMessageContaining("does not name a head and a position");
    assertThatThrownBy(() ->
            new AttentionExplainer(
                    model,
                    options(List.of(new HeadRef(3, 0)), Optional.empty(), Optional.empty()),
                    Progress.NONE)
                .explain(prompt))
        .hasMessageContaining("there is no head 3.0");
    assertThatThrownBy(() ->
            new AttentionExplainer(model, AttentionOptions.DEFAULT, Progress.NONE)
                .explain(model.raw("what color is the dog")))
        .hasMessageContaining("no picture");
  }
}
