package dev.lynceus.report;

/// How the values between patch centres are drawn.
public enum Sampling {
  /// Every pixel of a patch shows the value of that patch: nothing is invented.
  NEAREST,
  /// Values are interpolated linearly between patch centres; never beyond the values themselves.
  SMOOTH
}
