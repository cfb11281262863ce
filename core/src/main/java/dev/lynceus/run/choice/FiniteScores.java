package dev.lynceus.run.choice;

/// Makes every score a number: what is none becomes 0, the infinite the largest or smallest of
/// float32 (`remove_invalid_values`).
record FiniteScores() implements Rule {

  @Override
  public void apply(float[] scores, Moment at) {
    clean(scores);
  }

  static void clean(float[] scores) {
    for (int i = 0; i < scores.length; i++) {
      scores[i] =
          Float.isNaN(scores[i]) ? 0 : Math.clamp(scores[i], -Float.MAX_VALUE, Float.MAX_VALUE);
    }
  }

  @Override
  public String told() {
    return "remove_invalid_values";
  }
}
