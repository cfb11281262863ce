package dev.lynceus.run;

import java.util.Optional;

/// What of a sweep is done: a sweep that is given the ledger of an earlier attempt goes on where
/// that ended.
public interface Ledger {

  /// Remembers nothing.
  Ledger NONE =
      new Ledger() {
        @Override
        public Optional<double[]> result(int replay) {
          return Optional.empty();
        }

        @Override
        public void done(int replay, double[] result) {}
      };

  /// The result of a replay that is done.
  ///
  /// @param replay its number in the list, from 0
  Optional<double[]> result(int replay);

  /// A replay is done.
  void done(int replay, double[] result);

  /// What was done so far shall survive the end of the process; called after every batch.
  default void flush() {}
}
