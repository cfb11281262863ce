package dev.lynceus.method.evidence;

import java.util.Arrays;
import java.util.List;

/// A number of a word that may tell a right one from a wrong one: large speaks for it.
public enum Score {
  /// Its log probability, nats.
  PROBABILITY("log probability"),
  /// What the picture raises its log probability by: with it, less where no position may look at
  /// it; nats.
  EFFECT("effect of the picture"),
  /// First-order log increase from the visual tokens, nats.
  INCREASE("increase from the image"),
  /// Part of the image in all that speaks for it.
  SHARE("share of the image"),
  /// How probable it is read out of the picture's tokens.
  CONFIDENCE("internal confidence"),
  /// The least such confidence among the things that the question speaks of.
  ASKED("confidence of what is asked for"),
  /// What the model itself says when it is asked whether those things are there: the least log odds
  /// of yes against no.
  PRESENCE("presence of what is asked for"),
  /// What a linear probe reads in the state that predicts it.
  PROBE("probe of the state"),
  /// What the model itself says when it is asked back about what the word claims: whether the thing
  /// that it names is there, or whether the thing is as the word says; log odds, see
  /// [Evidence.Claim].
  NAMED("what is claimed, asked back");

  private final String words;

  Score(String words) {
    this.words = words;
  }

  /// As a reader sees it.
  public String words() {
    return words;
  }

  /// All scores of a word, in their order.
  public static double[] all(Evidence.Word word, List<Evidence.Asked> asked) {
    return Arrays.stream(values()).mapToDouble(score -> score.of(word, asked)).toArray();
  }

  /// The score of a word; NaN where it has none.
  ///
  /// @param asked what the question speaks of
  public double of(Evidence.Word word, List<Evidence.Asked> asked) {
    return switch (this) {
      case PROBABILITY -> word.logProbability();
      case EFFECT -> word.effect();
      case INCREASE -> word.shares().image();
      case SHARE -> word.imageShare();
      case CONFIDENCE -> {
        Evidence.Held held = word.held();
        yield held == null ? Double.NaN : held.value();
      }
      case ASKED, PRESENCE -> asked(asked);
      case PROBE -> {
        Double probe = word.probe();
        yield probe == null ? Double.NaN : probe;
      }
      case NAMED -> {
        Evidence.Claim claim = word.claim();
        yield claim == null ? Double.NaN : claim.odds();
      }
    };
  }

  /// The score of what a question speaks of; NaN for scores of words, and where there is nothing.
  public double asked(List<Evidence.Asked> things) {
    return switch (this) {
      case PROBABILITY, EFFECT, INCREASE, SHARE, CONFIDENCE, PROBE, NAMED -> Double.NaN;
      case ASKED -> things.stream().mapToDouble(Score::held).min().orElse(Double.NaN);
      case PRESENCE ->
          things.stream()
              .filter(Evidence.Asked::known)
              .mapToDouble(Evidence.Asked::presence)
              .min()
              .orElse(Double.NaN);
    };
  }

  private static double held(Evidence.Asked thing) {
    Evidence.Held held = thing.held();
    return held == null ? Double.NaN : held.value();
  }
}
