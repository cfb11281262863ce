package dev.lynceus.pupil.world;

/// What is behind the things.
public enum Background {
  /// One colour.
  PLAIN,
  /// A colour that changes from one corner to the other.
  GRADIENT,
  /// A colour with noise.
  NOISE,
  /// Part of a photograph, faded.
  PHOTO
}
