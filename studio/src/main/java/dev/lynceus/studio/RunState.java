package dev.lynceus.studio;

import java.util.Locale;

/// How far a run is.
public enum RunState {
  /// It waits for others.
  QUEUED,
  /// Its model is being loaded.
  LOADING,
  /// It is being done.
  RUNNING,
  /// Its result is in the library.
  DONE,
  /// It was refused, or broke.
  FAILED,
  /// Somebody stopped it.
  CANCELLED;

  /// Whether nothing more will come of it.
  boolean ended() {
    return switch (this) {
      case QUEUED, LOADING, RUNNING -> false;
      case DONE, FAILED, CANCELLED -> true;
    };
  }

  /// As it is written.
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static RunState parse(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
