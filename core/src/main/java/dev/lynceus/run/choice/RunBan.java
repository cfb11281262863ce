package dev.lynceus.run.choice;

/// No run of tokens comes twice: what would complete one that was there before is forbidden.
///
/// @param within where it may not have been
/// @param size tokens of a run
record RunBan(Within within, int size) implements Rule {

  /// Which runs are not repeated.
  enum Within {
    /// Those of prompt and answer: `no_repeat_ngram_size`.
    SEQUENCE,
    /// Those of the prompt: `encoder_no_repeat_ngram_size`.
    PROMPT
  }

  @Override
  public void apply(float[] scores, Moment at) {
    int[] ids = at.ids();
    int begun = size - 1;
    if (ids.length < begun) {
      return;
    }
    int from = ids.length - begun;
    int until =
        switch (within) {
          case SEQUENCE -> ids.length;
          case PROMPT -> at.prompt();
        };
    for (int end = begun; end < until; end++) {
      boolean same = true;
      for (int i = 0; i < begun && same; i++) {
        same = ids[end - begun + i] == ids[from + i];
      }
      if (same && ids[end] < scores.length) {
        scores[ids[end]] = Float.NEGATIVE_INFINITY;
      }
    }
  }

  @Override
  public String told() {
    return switch (within) {
          case SEQUENCE -> "no_repeat_ngram_size ";
          case PROMPT -> "encoder_no_repeat_ngram_size ";
        }
        + size;
  }
}
