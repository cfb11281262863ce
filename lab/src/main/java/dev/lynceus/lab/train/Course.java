package dev.lynceus.lab.train;

import java.util.Map;
import java.util.Set;

/// A stage of a training: what it is called, what it trains, and how fast.
///
/// @param <P> parts that are trained together or not
interface Course<P extends Enum<P>> {
  /// Name on the command line and of its file.
  String label();

  /// Its number among the stages of its training; examples follow from it.
  int ordinal();

  /// Parts that it trains.
  Set<P> parts();

  /// Steps after which its state is written and it is asked about other examples, again and again.
  default int pause() {
    return 250;
  }

  /// Learning rates of a step.
  ///
  /// @param step 0 for the first
  Map<P, Double> rates(long step, long all);
}
