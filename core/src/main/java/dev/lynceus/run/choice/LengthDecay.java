package dev.lynceus.run.choice;

import java.util.Set;

/// Raises the end tokens more and more after so many tokens of the answer: by their absolute score
/// times `factor^n - 1` (`exponential_decay_length_penalty`).
///
/// @param start tokens after which it begins
/// @param ends end tokens
record LengthDecay(int start, double factor, Set<Integer> ends) implements Rule {
  LengthDecay {
    ends = Set.copyOf(ends);
  }

  @Override
  public void apply(float[] scores, Moment at) {
    int past = at.answered() - start;
    if (past <= 0) {
      return;
    }
    float share = (float) (Math.pow(factor, past) - 1);
    for (int id : ends) {
      if (id >= 0 && id < scores.length) {
        // A forbidden end becomes no number here, as in the reference, where that is the largest.
        scores[id] += Math.abs(scores[id]) * share;
      }
    }
  }

  @Override
  public String told() {
    return "exponential_decay_length_penalty [" + start + ", " + factor + "]";
  }
}
