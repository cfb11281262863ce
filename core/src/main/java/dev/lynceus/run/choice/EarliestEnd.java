package dev.lynceus.run.choice;

import java.util.Set;

/// Forbids every end token until a length is reached.
///
/// @param of what is counted
/// @param length tokens
/// @param ends end tokens
record EarliestEnd(Of of, int length, Set<Integer> ends) implements Rule {

  /// What a length counts.
  enum Of {
    /// Prompt and answer, visual tokens included: `min_length`.
    SEQUENCE,
    /// The answer alone: `min_new_tokens`.
    ANSWER
  }

  EarliestEnd {
    ends = Set.copyOf(ends);
  }

  @Override
  public void apply(float[] scores, Moment at) {
    int now =
        switch (of) {
          case SEQUENCE -> at.ids().length;
          case ANSWER -> at.answered();
        };
    if (now < length) {
      Rule.forbid(scores, ends);
    }
  }

  @Override
  public String told() {
    return switch (of) {
          case SEQUENCE -> "min_length ";
          case ANSWER -> "min_new_tokens ";
        }
        + length;
  }
}
