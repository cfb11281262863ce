package dev.lynceus.method.causal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.image.ImageRegion;
import dev.lynceus.method.attention.HeadRef;
import dev.lynceus.method.attention.StackLooker;
import dev.lynceus.method.attention.StackLooks;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.run.TinyModels;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Heads of any stack are silenced as whole runs with the change say, and look as their rows say.
class StackHeadsTest {
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

  private static void silencesAsWholeRuns(LoadedModel other, Prompt asked, Stack stack) {
    try (Run clean = other.run(asked, Sweep.base(other))) {
      Readout readout = Readout.of(clean, OptionalInt.empty(), OptionalInt.empty());
      CausalMap map =
          new Ablation(Component.HEAD, Ablation.Fill.ZERO, "all", stack)
              .explain(clean, readout, Job.QUIET);
      assertThat(map.rows()).hasSize(other.model().layers(stack));
      // The last layers of a tower may be those that nobody reads.
      int layer = 0;
      int head = map.columns().size() - 1;
      Intervention change =
          Intervention.at(Point.of(stack, Site.Z), layer, new Op.Zero()).heads(head);
      Silencing.Result silenced =
          new Silencing(stack, List.of(new HeadRef(layer, head)), 1, 1, 2)
              .explain(clean, asked, readout, Job.QUIET);
      try (Run whole = other.run(asked, Capture.NONE, change)) {
        double expected = readout.of(whole).logProbability();
        assertThat(map.cells().get(layer).get(head).logProbability())
            .isCloseTo(expected, within(1e-5));
        assertThat(silenced.without().measured().logProbability())
            .isCloseTo(expected, within(1e-5));
        assertThat(expected)
            .as("the head does something")
            .isNotCloseTo(readout.of(clean).logProbability(), within(1e-9));
      }
      assertThat(silenced.randoms())
          .allMatch(random -> random.heads().stream().allMatch(one -> one.layer() == layer));
    }
  }

  @Test
  void headsOfTheTower() {
    silencesAsWholeRuns(model, prompt, Stack.VISION);
  }

  @ParameterizedTest
  @CsvSource({"blip-vqa, ENCODER", "blip-vqa, VISION", "blip2-opt, QFORMER", "qwen2-vl, VISION"})
  void headsOfOtherFamilies(String golden, Stack stack) {
    try (LoadedModel other =
        LoadedModel.load("src/test/resources/goldens/" + golden + "/hub", LoadOptions.DEFAULT)) {
      Prompt asked = other.prompt("What color is the dog?", TinyModels.picture(other, 1));
      silencesAsWholeRuns(other, asked, stack);
      StackLooks found =
          new StackLooker(other, Optional.of(stack), Optional.empty(), Progress.NONE)
              .explain(asked);
      assertThat(found.looks()).isNotEmpty();
      assertThat(found.looks()).allMatch(look -> look.grids().size() >= 3);
    }
  }

  @Test
  void whatThereIsNotIsRefused() {
    try (Run clean = model.run(prompt, Sweep.base(model))) {
      Readout readout = Readout.of(clean, OptionalInt.empty(), OptionalInt.empty());
      assertThatThrownBy(() ->
              new Ablation(Component.HEAD, Ablation.Fill.ZERO, "all", Stack.QFORMER)
                  .explain(clean, readout, Job.QUIET))
          .hasMessage("this model has no Q-Former");
      assertThatThrownBy(() ->
              new StackLooker(model, Optional.of(Stack.QFORMER), Optional.empty(), Progress.NONE)
                  .explain(prompt))
          .hasMessage("this model has no Q-Former");
      assertThatThrownBy(() ->
              new Ablation(Component.HEAD, Ablation.Fill.ZERO, "last", Stack.VISION)
                  .explain(clean, readout, Job.QUIET))
          .hasMessageContaining("positions of the decoder");
      assertThatThrownBy(() ->
              new Silencing(Stack.VISION, List.of(new HeadRef(9, 0)), 1, 1, 2)
                  .explain(clean, prompt, readout, Job.QUIET))
          .hasMessage("there is no head 9.0 in the vision tower");
    }
  }

  /// Against plain loops over a captured pattern.
  @Test
  void looksAreThoseOfTheirRows() {
    ImageRegion box = new ImageRegion(3, 0, 17, 17);
    StackLooks found =
        new StackLooker(model, Optional.of(Stack.VISION), Optional.of(box), Progress.NONE)
            .explain(prompt);
    StackLooks.Look look = found.looks().getFirst();
    assertThat(look.kind()).isEqualTo("attention");
    Point point = Point.vision(Site.PATTERN);
    try (Run run = model.run(prompt, Capture.of(Capture.request(point)))) {
      float[] p = run.get(point, 1).toFloats();
      int n = look.rows();
      double[] expected = new double[StackLooks.Measure.values().length];
      double paid = 0;
      double[] columns = new double[n];
      int head = 1;
      for (int r = 0; r < n; r++) {
        for (int c = 0; c < n; c++) {
          double v = p[(head * n + r) * n + c];
          columns[c] += v / n;
          expected[0] -= v * Math.log(v) / n;
          expected[2] += c == 0 ? v / n : 0;
          expected[3] += c == r ? v / n : 0;
          if (r > 0 && c > 0) {
            paid += v;
            int down = (r - 1) / 4 - (c - 1) / 4;
            expected[4] += v * Math.hypot(down, (r - 1) % 4 - (c - 1) % 4);
          }
          // The upper left quarter: two by two patches of 8.5 pixels.
          expected[5] += c > 0 && (c - 1) / 4 < 2 && (c - 1) % 4 < 2 ? v / n : 0;
        }
      }
      expected[1] = java.util.Arrays.stream(columns).max().orElseThrow();
      expected[4] /= paid;
      assertThat(look.grids()).hasSize(expected.length);
      for (StackLooks.Grid grid : look.grids()) {
        assertThat(grid.values()[1][head])
            .as(grid.measure().word())
            .isCloseTo(expected[grid.measure().ordinal()], within(1e-5));
      }
      assertThat(look.even()).isCloseTo(Math.log(n), within(1e-9));
    }
  }
}
