package dev.lynceus.method.causal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.method.causal.AttributionPatching.Form;
import dev.lynceus.method.causal.Measures.Metric;
import dev.lynceus.run.Batch;
import dev.lynceus.run.LoadOptions;
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
import dev.lynceus.tensor.DType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A whole answer is measured as its tokens are one by one, each after those before it.
class WholeAnswerTest {
  private static final int[] ANSWER = {9, 14, 7, 22};
  @TempDir private Path folder;

  private LoadedModel load() {
    return LoadedModel.load(
        TinyModels.write(folder.resolve("m"), Family.LLAVA_CLIP, 7),
        LoadOptions.DEFAULT.compute(DType.FLOAT64));
  }

  private static Prompt question(LoadedModel model) {
    return TinyModels.prompt(model, Family.LLAVA_CLIP, "what color is the dog", 1);
  }

  private static Prompt continued(LoadedModel model, int tokens) {
    return question(model).withAnswer(Arrays.copyOf(ANSWER, tokens));
  }

  private static Run run(LoadedModel model, Capture capture, Intervention... changes) {
    return model.run(Batch.of(continued(model, ANSWER.length - 1)), capture, List.of(changes));
  }

  /// The same token by token, with single readouts of the clean prefixes.
  private static double[] oneByOne(LoadedModel model, Intervention... changes) {
    double[] sums = new double[5];
    for (int i = 0; i < ANSWER.length; i++) {
      Prompt prefix = continued(model, i);
      try (Run clean = model.run(prefix, Capture.NONE);
          Run changed = model.run(Batch.of(prefix), Capture.NONE, List.of(changes))) {
        double[] one =
            Readout.of(clean, OptionalInt.of(ANSWER[i]), OptionalInt.empty()).of(changed).numbers();
        for (int k = 1; k < sums.length; k++) {
          sums[k] += one[k];
        }
      }
    }
    sums[0] = Math.exp(sums[1]);
    return sums;
  }

  private static final Intervention HEAD = Intervention.at(Point.Z, 1, new Op.Zero()).heads(2);
  private static final Intervention IMAGE =
      Intervention.at(Point.EMBED_MERGED, 0, new Op.Zero()).at(Positions.parse("image"));

  @Test
  void anAnswerIsTheSumOfItsTokens() {
    try (LoadedModel model = load();
        Run clean = run(model, Component.HEAD.capture(model))) {
      Readout readout = Readout.answer(clean, ANSWER);
      assertThat(readout.of(clean).numbers()).containsExactly(oneByOne(model), within(1e-9));
      try (Run changed = run(model, Component.HEAD.capture(model), IMAGE)) {
        assertThat(readout.of(changed).numbers())
            .containsExactly(oneByOne(model, IMAGE), within(1e-9));
      }
      CausalMap heads =
          new Ablation(Component.HEAD, Ablation.Fill.ZERO, "all")
              .explain(clean, readout, Job.QUIET);
      double[] swept = heads.cells().get(1).get(2).numbers();
      assertThat(swept).containsExactly(oneByOne(model, HEAD), within(1e-8));
      // The control: the last token alone is another number.
      Readout last = Readout.of(clean, OptionalInt.of(ANSWER[3]), OptionalInt.empty());
      assertThat(last.of(clean).logProbability())
          .isNotCloseTo(readout.of(clean).logProbability(), within(0.1));
      assertThatThrownBy(() -> Readout.answer(clean, new int[0])).hasMessageContaining("is empty");
    }
  }

  @Test
  void anAnswerOfOneTokenIsThatToken() {
    try (LoadedModel model = load();
        Run clean = model.run(question(model), Component.HEAD.capture(model))) {
      Readout whole = Readout.answer(clean, new int[] {9});
      Readout one = Readout.of(clean, OptionalInt.of(9), OptionalInt.empty());
      assertThat(whole.of(clean).numbers()).isEqualTo(one.of(clean).numbers());
    }
  }

  @Test
  void estimatesOfAnAnswerComeNear() {
    try (LoadedModel model = load()) {
      AttributionPatching method =
          new AttributionPatching(Component.LAYER, "all", Form.ATP, 5, 30, 1);
      try (Run base = run(model, method.capture(model));
          Run source =
              model.run(
                  base.batch(),
                  method.capture(model),
                  new Corruption.Noise(1e-4).changes(base, "image", 3))) {
        Readout readout = Readout.answer(base, ANSWER);
        for (Metric metric :
            List.of(Metric.LOG_PROBABILITY, Metric.PROBABILITY, Metric.LOGIT_DIFFERENCE)) {
          AttributionMap map = method.explain(base, source, readout, metric, Job.QUIET);
          double most = 0;
          double error = 0;
          for (AttributionMap.Cell cell : map.sample().cells()) {
            most = Math.max(most, Math.abs(cell.change()));
            error = Math.max(error, Math.abs(cell.change() - cell.estimate()));
          }
          assertThat(error).as(metric.label()).isLessThan(0.01 * most);
        }
      }
    }
  }

  @Test
  void aTraceOfAnAnswerBringsItBack() {
    try (LoadedModel model = load();
        Run clean = run(model, Component.LAYER.capture(model))) {
      Readout readout = Readout.answer(clean, ANSWER);
      CausalMap map =
          new CausalTracing(
                  new Corruption.Zero(),
                  "image",
                  new ActivationPatching(Component.LAYER, "image", 1),
                  CausalTracing.Direction.DENOISING,
                  1,
                  0)
              .explain(clean, readout, Job.QUIET);
      assertThat(map.other().orElseThrow().numbers())
          .containsExactly(oneByOne(model), within(1e-9));
      assertThat(map.base().numbers()).containsExactly(oneByOne(model, IMAGE), within(1e-9));
    }
  }
}
