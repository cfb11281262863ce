package dev.lynceus.method.causal;

import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.run.Sweep;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tensor.Tensor;

/// Which state of a layer is carried from one run to another, or silenced.
public enum Site {
  /// What leaves the layer.
  LAYER(Point.RESID_POST),
  /// What its attention writes.
  ATTENTION(Point.ATTN_OUT),
  /// What its feed-forward network writes.
  FEED_FORWARD(Point.MLP_OUT),
  /// What one head gives, before the output projection.
  HEAD(Point.Z);

  private final Point point;

  Site(Point point) {
    this.point = point;
  }

  /// The point of the state.
  public Point point() {
    return point;
  }

  /// What a run keeps whose states are carried elsewhere, and that may itself be swept.
  public Capture capture(LoadedModel model) {
    Capture base = Sweep.base(model);
    // What leaves a layer is what enters the next: it is kept already.
    return base.and(Capture.request(this == LAYER ? Point.EMBED_MERGED : point));
  }

  /// The state of a run, all positions.
  ///
  /// @param run kept what [#capture] says, and was not changed at the input of a layer
  Tensor state(Run run, int layer) {
    int layers = run.model().model().decoder().config().layers();
    return this == LAYER && layer < layers - 1
        ? run.get(Point.RESID_PRE, layer + 1)
        : run.get(point, layer);
  }
}
