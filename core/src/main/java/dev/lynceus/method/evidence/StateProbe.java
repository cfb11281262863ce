package dev.lynceus.method.evidence;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Point;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.List;

/// A linear reading of the state that a word is predicted from: large where words that follow such
/// states were right. It belongs to one checkpoint. It cannot see which word follows, only what the
/// model knows before it.
///
/// @param depth 0 = input of the first layer, l = output of layer l - 1
/// @param weights of the state, as many as the model is wide
/// @param bias added
public record StateProbe(int depth, List<Double> weights, double bias) {
  public StateProbe {
    weights = List.copyOf(weights);
  }

  /// The reading of the state at a row of a run that kept the residual stream.
  ///
  /// @throws LynceusException BAD_REQUEST for a probe of another width or depth
  double read(Run run, int row) {
    float[] state = state(run, depth, row);
    if (state.length != weights.size()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the probe has %d weights, and the states of %s are %d wide"
              .formatted(weights.size(), run.model().name(), state.length),
          "Use thresholds that were measured on this model.");
    }
    return read(state);
  }

  /// The reading of a state.
  public double read(float[] state) {
    double sum = bias;
    for (int i = 0; i < state.length; i++) {
      sum += weights.get(i) * state[i];
    }
    return sum;
  }

  /// The state at a row of a run that kept the residual stream, `[width]`.
  ///
  /// @throws LynceusException BAD_REQUEST for a depth that the model has not
  public static float[] state(Run run, int depth, int row) {
    int layers = run.model().model().decoder().config().layers();
    if (depth < 0 || depth > layers) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a probe of depth "
              + depth
              + ", and "
              + run.model().name()
              + " has "
              + layers
              + " layers",
          "Use thresholds that were measured on this model.");
    }
    Point point = depth < layers ? Point.RESID_PRE : Point.RESID_POST;
    int layer = Math.min(depth, layers - 1);
    try (Scope scope = Scope.open()) {
      Tensor kept = run.get(point, layer);
      return kept.select(0, 0).select(0, row).to(dev.lynceus.tensor.DType.FLOAT32).toFloats();
    }
  }
}
