package dev.lynceus.method.map;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Target;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.Scope;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Attention flow: the largest flow from the patch's position at the first layer to the predicting
/// row at the last, where the edge from `j` to `i` in a layer carries at most `(mean over heads of
/// A_ij + [i = j]) / 2`. One flow a patch over an edge for each pair of positions in each layer, so
/// it is refused where that is too much, and made only where it is named.
public record AttentionFlowMap() implements PatchMethod {
  /// Edges of all flows together that are still tried.
  private static final long MOST = 400_000_000L;

  @Override
  public String name() {
    return "attention-flow";
  }

  @Override
  public String what() {
    return "largest flow from the patch to the predicting row through the layers' mean attention, the residual stream counted half";
  }

  @Override
  public String source() {
    return "Abnar and Zuidema, arXiv 2005.00928";
  }

  @Override
  public Passes passes(int patches) {
    return Passes.NONE;
  }

  @Override
  public Capture capture(LoadedModel model, int firstRow) {
    return Capture.of(Capture.request(Point.PATTERN).reduced(Capture.Reducer.MEAN_OVER_HEADS));
  }

  @Override
  public PatchMap map(Run run, Target target, TokenMap.View view, SplittableRandom random) {
    int layers = run.model().model().decoder().config().layers();
    double[] sum = new double[view.positions().length];
    for (Target.Aim aim : target.aims()) {
      int width = aim.row() + 1;
      long edges = (long) layers * width * width * sum.length;
      if (edges > MOST) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "attention flow of %d patches over %d positions and %d layers would take hours"
                .formatted(sum.length, width, layers),
            "Use rollout, which needs no flows.");
      }
      MaxFlow flow = new MaxFlow(capacities(run, layers, width), width);
      for (int p = 0; p < sum.length; p++) {
        sum[p] += flow.between(view.positions()[p], aim.row()) / target.aims().size();
      }
    }
    return PatchMap.of(sum);
  }

  private static double[][] capacities(Run run, int layers, int width) {
    return IntStream.range(0, layers)
        .mapToObj(l -> {
          try (Scope scope = Scope.open()) {
            double[] edges =
                run.get(Point.PATTERN, l)
                    .select(0, 0)
                    .narrow(0, 0, width)
                    .narrow(1, 0, width)
                    .mul(.5)
                    .contiguous()
                    .toDoubles();
            for (int p = 0; p < width; p++) {
              edges[p * width + p] += .5;
            }
            return edges;
          }
        })
        .toArray(double[][]::new);
  }
}
