package dev.lynceus.method;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.run.Watch;

/// Told how far a long job is, and asked whether it shall go on.
@FunctionalInterface
public interface Progress {

  /// Nobody listens.
  Progress NONE = (stage, done, total) -> {};

  /// A stage has come so far.
  ///
  /// @param stage for example `heads`
  /// @param done steps done
  /// @param total steps of this stage; 0 where it is not known
  void at(String stage, long done, long total);

  /// Whether the job shall stop at the next chance.
  default boolean cancelled() {
    return false;
  }

  /// Tells that a stage has come so far, and stops where that was asked for.
  ///
  /// @throws LynceusException CANCELLED
  default void step(String stage, long done, long total) {
    if (cancelled()) {
      throw new LynceusException(
          ErrorCode.CANCELLED, "stopped at " + stage, "Run it again to begin anew.");
    }
    at(stage, done, total);
  }

  /// This for the replays of a sweep.
  ///
  /// @param stage that they are
  default Watch watching(String stage) {
    return new Watch() {
      @Override
      public void at(State state) {
        Progress.this.at(stage, state.done(), state.total());
      }

      @Override
      public boolean cancelled() {
        return Progress.this.cancelled();
      }
    };
  }
}
