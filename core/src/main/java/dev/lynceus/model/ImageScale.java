package dev.lynceus.model;

/// Whether visual tokens are multiplied by the decoder's embedding scale. It matters for Gemma
/// only, whose text embeddings are multiplied by sqrt(width).
public enum ImageScale {
  /// Visual tokens as the projector made them: the reading of transformers 5.
  AS_PROJECTED,
  /// Visual tokens scaled like the text: the reading of transformers 4.
  WITH_TEXT
}
