package dev.lynceus.lab.train;

import java.util.EnumMap;
import java.util.Map;

/// Learning rates over the steps of a stage: linear warm-up, then a cosine down to a fiftieth, or
/// constant.
///
/// @param rates highest rate of each part
/// @param warmUp steps
/// @param decays whether rates fall
/// @param <P> parts that are trained together or not
record Schedule<P extends Enum<P>>(Map<P, Double> rates, int warmUp, boolean decays) {
  private static final double LAST = .02;

  /// Rates of a step.
  ///
  /// @param step 0 for the first
  Map<P, Double> at(long step, long all) {
    double factor = Math.min(1, (step + 1.0) / warmUp);
    if (decays && step >= warmUp) {
      double over = (step - warmUp) / (double) Math.max(1, all - warmUp);
      factor = LAST + (1 - LAST) * .5 * (1 + Math.cos(Math.PI * over));
    }
    Map<P, Double> now = new EnumMap<>(rates);
    double times = factor;
    now.replaceAll((part, rate) -> rate * times);
    return now;
  }
}
