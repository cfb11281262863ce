package dev.lynceus.method.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lynceus.method.Target;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.run.TinyModels;
import dev.lynceus.run.TinyModels.Family;
import dev.lynceus.tap.TokenMap;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The largest flow is the least cut, and in two layers it can be written down.
class AttentionFlowTest {
  @TempDir private Path folder;

  private static double[][] random(int layers, int width, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] capacities = new double[layers][width * width];
    for (double[] layer : capacities) {
      for (int i = 0; i < layer.length; i++) {
        layer[i] = random.nextInt(4) == 0 ? 0 : random.nextDouble();
      }
    }
    return capacities;
  }

  @Test
  void twoLayersByHand() {
    int width = 4;
    double[][] c = random(2, width, 1);
    for (int source = 0; source < width; source++) {
      double expected = 0;
      for (int k = 0; k < width; k++) {
        expected += Math.min(c[0][k * width + source], c[1][2 * width + k]);
      }
      assertThat(new MaxFlow(c, width).between(source, 2)).isCloseTo(expected, within(1e-9));
    }
  }

  @Test
  void theLargestFlowIsTheLeastCut() {
    int width = 3;
    int layers = 4;
    for (long seed = 1; seed <= 20; seed++) {
      double[][] c = random(layers, width, seed);
      assertThat(new MaxFlow(c, width).between(1, 0))
          .as("seed %d", seed)
          .isCloseTo(leastCut(c, width, 1, layers * width), within(1e-9));
    }
  }

  /// Tries all ways to part the nodes.
  private static double leastCut(double[][] c, int width, int source, int sink) {
    int nodes = (c.length + 1) * width;
    double least = Double.POSITIVE_INFINITY;
    for (int set = 0; set < 1 << nodes; set++) {
      if ((set >> source & 1) == 0 || (set >> sink & 1) == 1) {
        continue;
      }
      double cut = 0;
      for (int l = 0; l < c.length; l++) {
        for (int to = 0; to < width; to++) {
          for (int from = 0; from < width; from++) {
            boolean inside = (set >> l * width + from & 1) == 1;
            boolean outside = (set >> (l + 1) * width + to & 1) == 0;
            cut += inside && outside ? c[l][to * width + from] : 0;
          }
        }
      }
      least = Math.min(least, cut);
    }
    return least;
  }

  @Test
  void flowsOfAModelAreAtLeastItsRollout() {
    try (LoadedModel model = TinyModels.load(folder, Family.LLAVA_CLIP)) {
      Prompt prompt = TinyModels.prompt(model, Family.LLAVA_CLIP, "what color is the dog", 1);
      int row = prompt.length() - 1;
      Target target = Target.token("x", row, 9);
      TokenMap.View view = prompt.tokens().views().getFirst();
      AttentionFlowMap method = (AttentionFlowMap) PatchMethod.named("attention-flow").getFirst();
      try (Run run = model.run(prompt, method.capture(model, row))) {
        SplittableRandom random = new SplittableRandom(1);
        double[] flow = method.map(run, target, view, random).values();
        double[] rollout = new RolloutMap().map(run, target, view, random).values();
        for (int p = 0; p < flow.length; p++) {
          // To send the product of its edges along every path is a flow, and its sum the rollout.
          assertThat(flow[p]).isGreaterThanOrEqualTo(rollout[p] - 1e-9).isLessThanOrEqualTo(1);
        }
      }
    }
  }
}
