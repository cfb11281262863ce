package dev.lynceus.run.choice;

import java.util.Arrays;
import java.util.stream.IntStream;

/// Divides the positive scores of tokens that were there before by a penalty and multiplies the
/// negative ones by it, once for each token. Source: Keskar et al., arXiv 1909.05858.
///
/// @param over which tokens
/// @param penalty above 1 makes them less likely
record RepetitionPenalty(Over over, double penalty) implements Rule {

  /// Whose repetition is meant.
  enum Over {
    /// Every token of the sequence so far: `repetition_penalty`.
    SEQUENCE,
    /// Tokens of the prompt, rewarded: `encoder_repetition_penalty`.
    PROMPT
  }

  @Override
  public void apply(float[] scores, Moment at) {
    int until =
        switch (over) {
          case SEQUENCE -> at.ids().length;
          case PROMPT -> at.prompt();
        };
    float factor =
        switch (over) {
          case SEQUENCE -> (float) penalty;
          case PROMPT -> (float) (1 / penalty);
        };
    IntStream seen = Arrays.stream(at.ids(), 0, until).distinct();
    seen.filter(id -> id < scores.length)
        .forEach(id -> scores[id] = scores[id] < 0 ? scores[id] * factor : scores[id] / factor);
  }

  @Override
  public String told() {
    return switch (over) {
          case SEQUENCE -> "repetition_penalty ";
          case PROMPT -> "encoder_repetition_penalty ";
        }
        + penalty;
  }
}
