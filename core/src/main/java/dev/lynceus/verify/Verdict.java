package dev.lynceus.verify;

/// What a comparison says.
public enum Verdict {
  /// Equal within the tolerance.
  PASS,
  /// Not equal within the tolerance.
  FAIL,
  /// Not compared; the check says why.
  SKIPPED
}
