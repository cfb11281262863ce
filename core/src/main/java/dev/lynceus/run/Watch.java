package dev.lynceus.run;

/// Told how far a sweep is, and asked whether it shall go on, after every batch.
@FunctionalInterface
public interface Watch {

  /// Nobody watches.
  Watch NONE = state -> {};

  /// How far a sweep is.
  ///
  /// @param done replays that are done, those of earlier attempts included
  /// @param total all replays
  /// @param rate replays per second in this attempt; 0 before the first batch
  /// @param secondsLeft by the cost of what is left and the time that the batches so far took;
  ///   before the first, the estimate
  record State(int done, int total, double rate, double secondsLeft) {}

  /// A batch is done; before the first one, the sweep begins.
  void at(State state);

  /// Whether the sweep shall stop before the next batch.
  default boolean cancelled() {
    return false;
  }
}
