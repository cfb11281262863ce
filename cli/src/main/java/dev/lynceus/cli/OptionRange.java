package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.Map;

/// The numbers that an option may have: whatever is outside is a slip of the keyboard, or would
/// fill the memory. What a model or a picture allows is narrower, and is asked by those who know
/// it.
///
/// @param least the smallest
/// @param most the largest
/// @param ends whether these two are allowed themselves
record OptionRange(double least, double most, Ends ends) {
  /// What becomes of the ends of a range.
  enum Ends {
    ALLOWED,
    /// For shares of which neither nothing nor all makes sense.
    LEFT_OUT
  }

  private OptionRange(double least, double most) {
    this(least, most, Ends.ALLOWED);
  }

  /// Threads beyond this many only wait for each other.
  private static final int MOST_THREADS =
      Math.max(16, 4 * Runtime.getRuntime().availableProcessors());

  private static final double COUNT = 1_000_000;
  private static final double LARGE = 1_000_000_000;
  private static final OptionRange INDEX = new OptionRange(0, 100_000);
  private static final OptionRange MEBIBYTES = new OptionRange(1, 16 << 20);
  private static final OptionRange SHARE = new OptionRange(0, 1);
  private static final OptionRange PART = new OptionRange(0, 1, Ends.LEFT_OUT);
  private static final OptionRange ANY = new OptionRange(Long.MIN_VALUE, Long.MAX_VALUE);
  private static final OptionRange FACTOR = new OptionRange(-COUNT, COUNT);
  private static final OptionRange POSITIVE = new OptionRange(0, COUNT);
  private static final OptionRange MANY = new OptionRange(1, LARGE);
  private static final OptionRange SOME = new OptionRange(0, 10_000);
  private static final OptionRange AT_LEAST_ONE = new OptionRange(1, 10_000);

  /// By the name of an option, or of a command and an option where its meaning is its own.
  private static final Map<String, OptionRange> ALL =
      Map.ofEntries(
          Map.entry("--alpha", SHARE),
          Map.entry("--asked", MANY),
          Map.entry("--atol", POSITIVE),
          Map.entry("--blur", POSITIVE),
          Map.entry("--blankings", new OptionRange(4, 4096)),
          Map.entry("--box", new OptionRange(0, LARGE)),
          Map.entry("--budget", MEBIBYTES),
          Map.entry("--calibration-scenes", MANY),
          Map.entry("--calibration-seed", ANY),
          Map.entry("--conditions", SOME),
          Map.entry("--contrast", FACTOR),
          Map.entry("--contexts", SOME),
          Map.entry("--controls", new OptionRange(0, 1000)),
          Map.entry("--count", MANY),
          Map.entry("--depth", INDEX),
          Map.entry("--draws", SOME),
          Map.entry("--effort", new OptionRange(0, 1000)),
          Map.entry("--examples", SOME),
          Map.entry("--factor", FACTOR),
          Map.entry("--gamma", new OptionRange(0, 1000)),
          Map.entry("--group", AT_LEAST_ONE),
          Map.entry("--head", INDEX),
          Map.entry("--heads", SOME),
          Map.entry("--features", SOME),
          Map.entry("--held-out", MANY),
          Map.entry("tune-reader --held-out", new OptionRange(0, LARGE)),
          Map.entry("--image-layer", INDEX),
          Map.entry("--judged", SOME),
          Map.entry("--layer", INDEX),
          Map.entry("--heads-of", INDEX),
          Map.entry("--least-right", SHARE),
          Map.entry("--length", INDEX),
          Map.entry("--limit", MANY),
          Map.entry("--masks", new OptionRange(1, 64)),
          Map.entry("--longest", new OptionRange(1, COUNT)),
          Map.entry("--max-tokens", new OptionRange(1, COUNT)),
          Map.entry("--memory", MEBIBYTES),
          Map.entry("--neurons", new OptionRange(1, COUNT)),
          Map.entry("--noise", POSITIVE),
          Map.entry("--noises", SOME),
          Map.entry("--null-threshold", FACTOR),
          Map.entry("--loops", new OptionRange(0, 4)),
          Map.entry("--overlap", INDEX),
          Map.entry("--passes", POSITIVE),
          Map.entry("--patches", SOME),
          Map.entry("--pool-limit", AT_LEAST_ONE),
          Map.entry("--penalty", new OptionRange(0, LARGE)),
          Map.entry("--port", new OptionRange(0, 65_535)),
          Map.entry("--probe-scenes", new OptionRange(1, 20_000)),
          Map.entry("--radius", SOME),
          Map.entry("--randoms", SOME),
          Map.entry("--rate", POSITIVE),
          Map.entry("--ratio", PART),
          Map.entry("--repeats", AT_LEAST_ONE),
          Map.entry("--retest", new OptionRange(0, COUNT)),
          Map.entry("--rho", POSITIVE),
          Map.entry("--rings", SOME),
          Map.entry("--of", SOME),
          Map.entry("--rtol", POSITIVE),
          Map.entry("--sample", new OptionRange(0, COUNT)),
          Map.entry("--samples", new OptionRange(0, COUNT)),
          Map.entry("--scenes", new OptionRange(0, LARGE)),
          Map.entry("--seed", ANY),
          Map.entry("--seeds", ANY),
          Map.entry("xformer --seeds", new OptionRange(1, 100)),
          Map.entry("--sequences", new OptionRange(1, COUNT)),
          Map.entry("--share", PART),
          Map.entry("--shots", new OptionRange(0, 8)),
          Map.entry("--shuffle", ANY),
          Map.entry("--size", new OptionRange(0, 100)),
          Map.entry("--sink-dimension", new OptionRange(0, COUNT)),
          Map.entry("--sink-threshold", POSITIVE),
          Map.entry("--sparsity", POSITIVE),
          Map.entry("--steps", SOME),
          Map.entry("--strength", FACTOR),
          Map.entry("--strengths", FACTOR),
          Map.entry("--superpixels", new OptionRange(1, COUNT)),
          Map.entry("--temperature", POSITIVE),
          Map.entry("--text-layer", INDEX),
          Map.entry("--texts", new OptionRange(0, COUNT)),
          Map.entry("--threads", new OptionRange(0, MOST_THREADS)),
          Map.entry("--threshold", POSITIVE),
          Map.entry("--top", AT_LEAST_ONE),
          Map.entry("--top-k", new OptionRange(0, COUNT)),
          Map.entry("--top-p", SHARE),
          Map.entry("--train-scenes", MANY),
          Map.entry("--train-seed", ANY),
          Map.entry("--trials", new OptionRange(0, COUNT)),
          Map.entry("--until", MANY),
          Map.entry("--var", SHARE),
          Map.entry("--view", SOME),
          Map.entry("--window", AT_LEAST_ONE),
          Map.entry("--window-length", new OptionRange(1, COUNT)),
          Map.entry("--words", SOME),
          Map.entry("probe --folds", new OptionRange(2, COUNT)),
          Map.entry("probe --rounds", new OptionRange(1, 100)),
          Map.entry("literacy --each", AT_LEAST_ONE),
          Map.entry("literacy --maps", SOME),
          Map.entry("literacy --orders", new OptionRange(1, 24)),
          Map.entry("literacy --side", new OptionRange(0, 2048)),
          Map.entry("blip --steps", new OptionRange(0, LARGE)),
          Map.entry("blip --threads", new OptionRange(1, MOST_THREADS)),
          Map.entry("describe --alpha", POSITIVE),
          Map.entry("vote --samples", AT_LEAST_ONE),
          Map.entry("train --steps", new OptionRange(0, LARGE)),
          Map.entry("train --threads", new OptionRange(1, MOST_THREADS)),
          Map.entry("edit --rows", SOME),
          Map.entry("tune-sae --steps", MANY),
          Map.entry("tune-lens --steps", MANY),
          // Their pixels are held in memory.
          Map.entry("xformer --scenes", new OptionRange(32, 20_000)),
          Map.entry("xformer --train-scenes", new OptionRange(64, 200_000)));

  /// The range of a command's option; null where there is none, which the tests do not allow.
  static @org.jspecify.annotations.Nullable OptionRange of(String command, String option) {
    OptionRange own = ALL.get(command + " " + option);
    return own == null ? ALL.get(option) : own;
  }

  /// Refuses a number outside.
  ///
  /// @throws LynceusException BAD_REQUEST
  void check(String option, Number value) {
    double number = value.doubleValue();
    // Both also refuse what is no number.
    boolean inside =
        switch (ends) {
          case ALLOWED -> number >= least && number <= most;
          case LEFT_OUT -> number > least && number < most;
        };
    if (inside) {
      return;
    }
    String wrong = number <= least ? below() : above();
    throw new LynceusException(
        ErrorCode.BAD_REQUEST,
        option + " " + value + " is " + (Double.isNaN(number) ? "no number" : wrong),
        switch (ends) {
          case ALLOWED -> "Give a number from " + text(least) + " to " + text(most) + ".";
          case LEFT_OUT -> "Give a number above " + text(least) + " and below " + text(most) + ".";
        });
  }

  private String below() {
    return switch (ends) {
      case ALLOWED -> "less than " + text(least);
      case LEFT_OUT -> "not above " + text(least);
    };
  }

  private String above() {
    return switch (ends) {
      case ALLOWED -> "more than " + text(most);
      case LEFT_OUT -> "not below " + text(most);
    };
  }

  private static String text(double bound) {
    return Long.toString((long) bound);
  }
}
