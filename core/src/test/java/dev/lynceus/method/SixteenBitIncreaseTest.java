package dev.lynceus.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.model.text.TextConfig;
import dev.lynceus.run.LoadOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.TinyModels;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.Point;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Increases of a run in 16-bit arithmetic are read in float32: they equal what the kept
/// activations give in float64. Sums and logits rounded to 16 bits are off by more than a head is
/// worth.
class SixteenBitIncreaseTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(names = {"BFLOAT16", "FLOAT16"})
  void headsAndLayersAreNotRounded(DType compute) {
    Path checkpoint = TinyModels.write(folder.resolve("tiny"), Family.LLAVA_CLIP, 7);
    try (LoadedModel model = LoadedModel.load(checkpoint, LoadOptions.DEFAULT.compute(compute));
        Scope scope = Scope.open()) {
      Prompt prompt = TinyModels.prompt(model, Family.LLAVA_CLIP, "what color is the dog", 1);
      TextConfig config = model.model().decoder().config();
      int row = prompt.length() - 1;
      try (Run run = model.run(prompt, RowTrace.plan(config, row))) {
        assertThat(run.get(Point.RESID_PRE, 0).dtype()).isEqualTo(compute);
        int best = run.logits().argmax(1).toInts()[0];
        LogIncrease.Result told =
            new LogIncrease().explain(run, Target.token("best", row, best), Progress.NONE);
        double sum = told.embedding();
        for (int l = 0; l < config.layers(); l++) {
          Tensor x = exact(run, Point.RESID_PRE, l, row);
          Tensor attention = exact(run, Point.ATTN_OUT, l, row);
          double base = logProbability(model, run, x, best);
          double middle = logProbability(model, run, x.add(attention), best);
          assertThat(told.attention()[l]).as("layer %d", l).isCloseTo(middle - base, within(2e-5));
          for (int h = 0; h < config.heads(); h++) {
            double alone = logProbability(model, run, x.add(head(model, run, l, h)), best);
            assertThat(told.heads()[l][h])
                .as("head %d.%d", l, h)
                .isCloseTo(alone - base, within(2e-5));
          }
          sum += told.attention()[l] + told.feedForward()[l];
        }
        assertThat(sum).isCloseTo(told.total(), within(1e-4));
      }
    }
  }

  private static Tensor exact(Run run, Point point, int layer, int index) {
    return run.get(point, layer).select(0, 0).select(0, index).to(DType.FLOAT64);
  }

  private static Tensor head(LoadedModel model, Run run, int layer, int head) {
    int width = model.model().decoder().config().headWidth();
    Tensor z = exact(run, Point.Z, layer, 0).select(0, head);
    Tensor columns =
        model
            .model()
            .decoder()
            .weights()
            .layers()
            .get(layer)
            .attention()
            .output()
            .weight()
            .narrow(1, (long) head * width, width)
            .to(DType.FLOAT64);
    return columns.matmul(z);
  }

  private static double logProbability(LoadedModel model, Run run, Tensor x, int id) {
    int layers = model.model().decoder().config().layers();
    double scale =
        1
            / Math.sqrt(
                exact(run, Point.RESID_POST, layers - 1, last(run)).square().mean().item()
                    + FrozenLens.EPS);
    Tensor norm = model.model().decoder().weights().norm().weight().to(DType.FLOAT64);
    Tensor head = model.model().decoder().weights().head().weight().to(DType.FLOAT64);
    return Torch.logSoftmax(head.matmul(x.mul(norm).mul(scale)), 0).toDoubles()[id];
  }

  private static int last(Run run) {
    return run.batch().length() - 1;
  }
}
