package dev.lynceus.image;

/// Whether a picture has company in its prompt: LLaVA-OneVision cuts only a picture that is alone.
public enum InPrompt {
  /// The only picture.
  ALONE,
  /// One of several.
  AMONG_OTHERS
}
