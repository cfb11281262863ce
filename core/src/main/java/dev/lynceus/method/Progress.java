package dev.lynceus.method;

/// Told how far a long job is.
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
}
