package dev.lynceus.run;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;

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

  /// This for a part of a job, whatever the part calls its own stage.
  ///
  /// @param stage that the part belongs to
  default Progress as(String stage) {
    return part((unused, done, total) -> at(stage, done, total));
  }

  /// The same for one of several parts.
  ///
  /// @param first steps of the stage before those of the part
  /// @param all steps of the stage
  default Progress as(String stage, long first, long all) {
    return part((unused, done, total) -> at(stage, first + done, all));
  }

  private Progress part(Progress told) {
    return new Progress() {
      @Override
      public void at(String stage, long done, long total) {
        told.at(stage, done, total);
      }

      @Override
      public boolean cancelled() {
        return Progress.this.cancelled();
      }
    };
  }
}
