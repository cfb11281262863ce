package dev.lynceus.method.attention;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/// Attention sinks: positions whose state has a massive value in one of a few dimensions, that draw
/// much attention and bring little (Kang and others, arXiv 2503.03321).
///
/// `phi(x) = max over the sink dimensions of |x_d| / RMS(x)`, with `RMS(x) = sqrt(mean(x²))`. A
/// position is a sink of a layer where `phi` of its state entering the layer reaches the threshold.
///
/// @param dimensions of the residual stream in which sinks have massive values; may be none
/// @param threshold from which on `phi` makes a sink
/// @param phi `[layers][positions]`; 0 without dimensions
public record Sinks(int[] dimensions, double threshold, double[][] phi) {

  /// The published threshold.
  private static final double PUBLISHED = 20;

  /// Which dimensions and which threshold.
  ///
  /// @param dimensions empty = those in which the first position has massive values in at least
  ///   half of the layers
  /// @param threshold empty = that of [#threshold(int)]
  public record Settings(int[] dimensions, OptionalDouble threshold) {
    /// Everything found from the run.
    public static final Settings FOUND = new Settings(new int[0], OptionalDouble.empty());

    public Settings {
      if (threshold.isPresent() && !(threshold.getAsDouble() > 0)) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "a sink threshold of " + threshold.getAsDouble(),
            "Use a number above 0.");
      }
    }
  }

  /// What a run must keep: all states entering all layers.
  public static Capture capture() {
    return Capture.of(Capture.request(Point.RESID_PRE));
  }

  /// The threshold for a width: 20 as published, but no more than half of what `phi` can be at all,
  /// which is the root of the width; there one dimension holds a quarter of the squared length.
  public static double threshold(int width) {
    return Math.min(PUBLISHED, Math.sqrt(width) / 2);
  }

  /// Finds the sinks of a run of one prompt.
  ///
  /// @throws LynceusException BAD_REQUEST if a given dimension does not exist
  public static Sinks of(Run run, Settings settings) {
    int layers = run.model().model().decoder().config().layers();
    int width = run.model().model().decoder().config().width();
    double threshold = settings.threshold.orElse(threshold(width));
    int[] dimensions = settings.dimensions;
    for (int dimension : dimensions) {
      if (dimension < 0 || dimension >= width) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "there is no dimension " + dimension + " in a residual stream of " + width,
            "Use numbers from 0 to " + (width - 1) + ".");
      }
    }
    if (dimensions.length == 0) {
      dimensions = massive(run, layers, width, threshold);
    }
    double[][] phi = new double[layers][];
    for (int l = 0; l < layers; l++) {
      try (Scope scope = Scope.open()) {
        Tensor ratios = ratios(run.get(Point.RESID_PRE, l).select(0, 0));
        phi[l] =
            dimensions.length == 0
                ? new double[(int) ratios.size(0)]
                : ratios.indexSelect(1, Tensor.indices(dimensions)).amax(1).toDoubles();
      }
    }
    return new Sinks(dimensions, threshold, phi);
  }

  /// Dimensions in which the first position reaches the threshold in at least half of the layers.
  /// Its embedding, which enters layer 0, has no massive values yet and does not count.
  private static int[] massive(Run run, int layers, int width, double threshold) {
    int[] times = new int[width];
    for (int l = 1; l < layers; l++) {
      try (Scope scope = Scope.open()) {
        double[] first =
            ratios(run.get(Point.RESID_PRE, l).select(0, 0).narrow(0, 0, 1)).toDoubles();
        for (int d = 0; d < width; d++) {
          times[d] += first[d] >= threshold ? 1 : 0;
        }
      }
    }
    return IntStream.range(0, width)
        .filter(d -> layers > 1 && 2 * times[d] >= layers - 1)
        .toArray();
  }

  /// `|x_d| / RMS(x)`, `[positions, width]`.
  private static Tensor ratios(Tensor states) {
    Tensor wide = states.to(DType.FLOAT64);
    return wide.abs().div(wide.square().meanKeep(-1).sqrt().clampMin(1e-300));
  }

  /// Whether a position is a sink of a layer.
  public boolean is(int layer, int position) {
    return phi[layer][position] >= threshold && dimensions.length > 0;
  }

  /// Sinks of a layer, ascending.
  public int[] at(int layer) {
    return IntStream.range(0, phi[layer].length).filter(p -> is(layer, p)).toArray();
  }

  /// Positions that are sinks in at least half of the layers, ascending.
  public int[] lasting() {
    return IntStream.range(0, phi[0].length)
        .filter(p -> 2 * IntStream.range(0, phi.length).filter(l -> is(l, p)).count() >= phi.length)
        .toArray();
  }

  /// How many marks there are in all layers.
  public int count() {
    return IntStream.range(0, phi.length).map(l -> at(l).length).sum();
  }

  /// Largest `phi` of a position over all layers.
  public double largest(int position) {
    return Arrays.stream(phi).mapToDouble(layer -> layer[position]).max().orElse(0);
  }
}
