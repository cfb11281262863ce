package dev.lynceus.method.map;

import dev.lynceus.method.Target;
import dev.lynceus.method.gradient.Backward;
import dev.lynceus.method.gradient.Objective;
import dev.lynceus.method.gradient.PatchPlaces;
import dev.lynceus.method.gradient.TowerGraph;
import dev.lynceus.run.Run;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.Arrays;
import java.util.SplittableRandom;

/// Grad-CAM on the features that the projector reads: each feature is weighted by its mean gradient
/// over the patches of its view, `max(0, sum over features of weight * feature)`.
public record GradCamMap() implements PatchMethod {
  @Override
  public String name() {
    return "grad-cam";
  }

  @Override
  public String what() {
    return "features of the patch in the tower, weighted by the mean gradient of each, where they speak for the word";
  }

  @Override
  public String source() {
    return "Selvaraju et al., arXiv 1610.02391";
  }

  @Override
  public Passes passes(int patches) {
    return new Passes(2, 2);
  }

  @Override
  public Reach reach() {
    return Reach.TOWER;
  }

  @Override
  public PatchMap map(Run run, Target target, TokenMap.View view, SplittableRandom random) {
    Backward backward = new Backward(run);
    PatchPlaces places = PatchPlaces.of(run, view);
    try (Scope scope = Scope.open()) {
      TowerGraph graph = TowerGraph.features(backward);
      Tensor slope = backward.inputs(graph.entering(), Objective.logProbability(target)).joined();
      Tensor slopes = graph.back(slope).getFirst().orElseThrow();
      Tensor features = graph.values().getFirst();
      Tensor sums = features.mul(slopes.meanKeep(1)).sum(2).clampMin(0);
      int positions = (int) sums.size(1);
      double[] flat = sums.toDoubles();
      double[][] values = new double[(int) sums.size(0)][];
      for (int v = 0; v < values.length; v++) {
        values[v] = Arrays.copyOfRange(flat, v * positions, (v + 1) * positions);
      }
      // A class token comes before the patches; where the first patch is dropped, one is missing.
      return PatchMap.of(places.pick(values, positions - places.input().patches()));
    }
  }
}
