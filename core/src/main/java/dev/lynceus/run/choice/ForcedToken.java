package dev.lynceus.run.choice;

import java.util.Arrays;
import java.util.List;

/// Leaves no choice at one place.
///
/// @param when where
/// @param ids the only tokens; of several the first in the vocabulary
record ForcedToken(When when, List<Integer> ids) implements Rule {

  /// A place.
  enum When {
    /// After a prompt of one token: `forced_bos_token_id`.
    SECOND,
    /// The last token that the answer may have: `forced_eos_token_id`.
    LAST
  }

  ForcedToken {
    ids = List.copyOf(ids);
  }

  @Override
  public void apply(float[] scores, Moment at) {
    boolean here =
        switch (when) {
          case SECOND -> at.ids().length == 1;
          case LAST -> at.answered() == at.limit() - 1;
        };
    if (here) {
      Arrays.fill(scores, Float.NEGATIVE_INFINITY);
      ids.forEach(id -> scores[id] = 0);
    }
  }

  @Override
  public String told() {
    return switch (when) {
          case SECOND -> "forced_bos_token_id ";
          case LAST -> "forced_eos_token_id ";
        }
        + (ids.size() == 1 ? ids.getFirst() : ids);
  }
}
