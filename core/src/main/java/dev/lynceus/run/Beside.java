package dev.lynceus.run;

/// What goes on beside a prompt while its answer is generated: another sequence that is continued
/// by the same tokens.
sealed interface Beside permits Altered, Contrast {
  /// The prompt of the other sequence.
  ///
  /// @param own the one that is answered
  Prompt prompt(Prompt own);
}
