package dev.lynceus.method.probe;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.List;

/// The states that a probe reads: the residual stream of the decoder at every depth, 0 before the
/// first layer, as the mean over some positions.
final class ProbedStates {
  private ProbedStates() {}

  /// What a run must keep.
  static Capture capture(LoadedModel model) {
    return Capture.of(Capture.request(Point.RESID_PRE))
        .and(Capture.request(Point.RESID_POST).layers(layers(model) - 1));
  }

  private static int layers(LoadedModel model) {
    return model.model().decoder().config().layers();
  }

  /// `[depths][width]`.
  ///
  /// @throws LynceusException BAD_REQUEST where the prompt has none of the positions
  static double[][] of(Run run, String positions) {
    int[] rows = Positions.parse(positions).within(0, run.batch().length(), run.tokens());
    if (rows.length == 0) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the prompt has no position '%s' to read a state at".formatted(positions),
          "Name others with --positions, for example last, image or question.");
    }
    int layers = layers(run.model());
    double[][] states = new double[layers + 1][];
    for (int depth = 0; depth <= layers; depth++) {
      try (Scope scope = Scope.open()) {
        Tensor kept =
            depth < layers
                ? run.get(Point.RESID_PRE, depth)
                : run.get(Point.RESID_POST, layers - 1);
        states[depth] =
            kept.select(0, 0)
                .indexSelect(0, Tensor.indices(rows))
                .to(DType.FLOAT64)
                .mean(0)
                .toDoubles();
      }
    }
    return states;
  }

  /// Changes that take directions out at a depth.
  static List<Intervention> changes(
      LoadedModel model, Subspace space, int depth, Positions positions) {
    int layers = layers(model);
    return depth < layers
        ? space.changes(Point.RESID_PRE, depth, positions)
        : space.changes(Point.RESID_POST, layers - 1, positions);
  }
}
