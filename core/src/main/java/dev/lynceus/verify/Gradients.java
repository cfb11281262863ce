package dev.lynceus.verify;

import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Indices;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.Values;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.List;

/// Gradients by automatic differentiation through our own forward pass: the activation is replaced
/// by a copy of itself that records what is done with it, in a replay, which keeps no cache of
/// keys.
///
/// @param run kept the activations
record Gradients(Run run) {

  /// Gradient of the largest logit at the last position with respect to an activation that exists
  /// once. The tensor is made in the scope that is open.
  Tensor ofTopLogit(Point point) {
    Tensor value = point == Point.EMBED_MERGED ? run.merged() : run.get(point, 0);
    try (Scope scope = Scope.open()) {
      long id = run.logits().argmax(-1).toLongs()[0];
      Tensor leaf = value.detach().copy().requiresGrad();
      Intervention recorded =
          new Intervention(
              point, Indices.ALL, Indices.ALL, Positions.all(), new Op.Set(Values.of(leaf)));
      try (Run again = run.replay(List.of(recorded), Capture.NONE)) {
        again.logits().reshape(-1).narrow(0, id, 1).sum().backward();
      }
      return scope.keep(leaf.grad());
    }
  }
}
