package dev.lynceus.text.safe;

/// By how much the parts of a tokenizer can lengthen a text, and how long a text may be therefore.
final class Growth {
  /// No text is longer than this: more than any model here can read.
  private static final int LONGEST_TEXT = 1_000_000;

  /// Characters after normalisation: the library keeps about 20 bytes for each.
  private static final double LONGEST_NORMALISED = 1_500_000;

  /// A file that leaves less than this cannot be used for questions.
  private static final int SHORTEST_LIMIT = 1000;

  /// Steps of one try of a pattern; the library ends the process after ten million.
  private static final double MOST_STEPS = 9e6;

  /// Steps of all tries of a pattern: a few seconds.
  private static final double MOST_TRIES = 4e8;

  private double factor = 1;
  private double normalised = LONGEST_NORMALISED;
  private double work = Double.MAX_VALUE;

  /// Each character can become so many.
  void times(double more) {
    factor *= Math.max(1, more);
    if (LONGEST_NORMALISED / factor < SHORTEST_LIMIT) {
      throw new TokenizerDefect(
          "its parts can make one character into %.0f, more than %.0f"
              .formatted(factor, LONGEST_NORMALISED / SHORTEST_LIMIT),
          TokenizerDefect.Kind.BEYOND_BOUNDS);
    }
  }

  /// Refuses parts that can make one character into more than so many.
  void refuseAbove(double most) {
    if (factor > most) {
      throw new TokenizerDefect(
          "its parts can make one character into %.0f, more than %.0f".formatted(factor, most),
          TokenizerDefect.Kind.BEYOND_BOUNDS);
    }
  }

  /// A pattern that goes over the text.
  void pattern(PatternCost.Safe safe) {
    normalised = Math.min(normalised, MOST_STEPS / safe.ways());
    normalised = Math.min(normalised, 2.5 * MOST_TRIES / safe.nodes());
    if (safe.time() == PatternCost.Time.QUADRATIC) {
      normalised = Math.min(normalised, Math.sqrt(MOST_TRIES / safe.ways()));
    }
  }

  /// A model that takes so many steps for each character.
  void steps(double perCharacter) {
    work = Math.min(work, 1e10 / Math.max(1, perCharacter));
  }

  /// Characters of the longest text that may be encoded.
  int longestText() {
    double longest = Math.min(normalised, work) / factor;
    if (longest < SHORTEST_LIMIT) {
      throw new TokenizerDefect(
          "its parts take so long that a text could have only %.0f characters".formatted(longest),
          TokenizerDefect.Kind.BEYOND_BOUNDS);
    }
    return (int) Math.min(LONGEST_TEXT, longest);
  }
}
