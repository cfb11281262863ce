package dev.lynceus.model;

/// Which positions of a sequence a decoder sees beyond those up to its own.
public enum Attends {
  /// None.
  CAUSAL,
  /// Positions of the prompt see the whole prompt; those of the answer what came before them
  /// (PaliGemma).
  PREFIX,
  /// Visual tokens that lie together see each other; words see what came before them (Gemma 3).
  PICTURES,
  /// Every position sees every other (BERT).
  ALL
}
