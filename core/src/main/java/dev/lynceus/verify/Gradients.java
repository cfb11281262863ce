package dev.lynceus.verify;

import dev.lynceus.method.Target;
import dev.lynceus.method.gradient.Backward;
import dev.lynceus.method.gradient.Objective;
import dev.lynceus.method.gradient.TowerGraph;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;

/// Gradients as the methods take them, of the largest logit at the last position.
///
/// @param run kept the pixels, where it has any
record Gradients(Run run) {

  /// Gradient with respect to the input of the first layer, or to the pixels. The tensor is made in
  /// the scope that is open.
  Tensor ofTopLogit(Point point) {
    try (Scope scope = Scope.open()) {
      int id = run.logits().argmax(-1).toInts()[0];
      Target target = Target.token("", run.batch().length() - 1, id);
      Backward backward = new Backward(run);
      Backward.Slopes slope =
          backward.inputs(backward.entering(), Objective.logits(target).getFirst());
      return scope.keep(
          point == Point.vision(Site.PIXELS)
              ? TowerGraph.pixels(backward, run.get(point, 0))
                  .back(slope.joined())
                  .getFirst()
                  .orElseThrow()
              : slope.slopes());
    }
  }
}
