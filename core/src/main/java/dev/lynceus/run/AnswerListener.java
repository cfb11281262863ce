package dev.lynceus.run;

/// Told how an answer comes about.
@FunctionalInterface
public interface AnswerListener {

  /// Nobody listens.
  AnswerListener NONE = text -> {};

  /// The text of the first answer has become longer.
  ///
  /// @param more what was added
  void text(String more);

  /// A pass is over. What this throws ends the generation, and nothing native is left behind.
  ///
  /// @param tokens that were passed one by one so far; 0 after the prompt
  default void passed(int tokens) {}
}
