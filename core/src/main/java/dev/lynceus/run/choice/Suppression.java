package dev.lynceus.run.choice;

import java.util.List;

/// Takes tokens out of the choice.
///
/// @param when where
/// @param ids the tokens
record Suppression(When when, List<Integer> ids) implements Rule {

  /// A place.
  enum When {
    /// Everywhere: `suppress_tokens`.
    ALWAYS,
    /// As the first token of the answer: `begin_suppress_tokens`.
    FIRST,
    /// The same, one token later after a prompt of one token, whose successor is forced.
    FIRST_UNFORCED
  }

  Suppression {
    ids = List.copyOf(ids);
  }

  @Override
  public void apply(float[] scores, Moment at) {
    boolean here =
        switch (when) {
          case ALWAYS -> true;
          case FIRST -> at.answered() == 0;
          case FIRST_UNFORCED -> at.answered() == (at.prompt() > 1 ? 0 : 1);
        };
    if (here) {
      Rule.forbid(scores, ids);
    }
  }

  @Override
  public String told() {
    String key =
        switch (when) {
          case ALWAYS -> "suppress_tokens";
          case FIRST, FIRST_UNFORCED -> "begin_suppress_tokens";
        };
    return key + " (" + ids.size() + (ids.size() == 1 ? " token)" : " tokens)");
  }
}
