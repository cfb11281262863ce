package dev.lynceus.method.evidence;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.score.Auc;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// Chooses [Thresholds] on words whose truth is known, by these rules:
///
/// - the effect is the one that parts right decisive words best from words of form;
/// - of scores but [Score#NAMED], for answers about absent things, and for wrong words of answers
///   and descriptions together, the one with the largest area (a word that has not the score
///   passes), if that is more than [#USEFUL], with the limit that parts the words best among those
///   that at most [#FALSE_ALARMS] of the right ones miss; where no answer is about something
///   absent, the presence of things that are there and not;
/// - beside it, for words of descriptions, what the model says asked back ([Score#NAMED]),
///   likewise;
/// - of attributes the odds that part true ones from false ones, likewise, at least 0;
/// - the reliability is fitted to the words that the picture decides or speaks against.
public final class ThresholdFit {
  /// Part of the right words that a limit may call unsupported.
  static final double FALSE_ALARMS = .05;

  /// A score must be this good to become a limit.
  static final double USEFUL = .6;

  private ThresholdFit() {}

  /// What a word is.
  public enum Kind {
    /// A word that the form of an answer asks for.
    FORM,
    /// A decisive word of an answer about what is there.
    ANSWER,
    /// A decisive word of an answer about something that is not there; wrong.
    ABSENT,
    /// A word of a description.
    DESCRIPTION,
    /// Another word that the reliability shall know: a right no, one that was given.
    OTHER,
    /// A thing that was asked for, not a word.
    THING
  }

  /// A word, or a thing.
  ///
  /// @param group number of its picture: what is of one picture is never on both sides of a split
  /// @param own whether the model said it
  /// @param right whether it is right; of a thing, whether it is there
  /// @param scores one for each [Score]; NaN where it has none
  /// @param states of the row that predicts it at every depth; empty for none
  // Plain numbers; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  public record Judged(
      int group, Kind kind, boolean own, boolean right, double[] scores, float[][] states) {
    double score(Score score) {
      return scores[score.ordinal()];
    }
  }

  /// An attribute that a thing has or has not.
  ///
  /// @param group number of the picture
  /// @param so whether it has it
  /// @param odds log odds of the attribute where the model is asked for it
  public record Odds(int group, boolean so, double odds) {}

  /// Chooses everything.
  ///
  /// @throws LynceusException BAD_REQUEST where there are no right decisive words or no words of
  ///   form, or too few words for a reliability
  public static Thresholds choose(
      String revision, String reading, List<Judged> words, List<Odds> attributes) {
    Thresholds chosen = limits(revision, reading, words, attributes);
    List<Score> scores =
        chosen.needClaims()
            ? List.of(Score.PROBABILITY, Score.EFFECT, Score.SHARE, Score.PRESENCE, Score.NAMED)
            : List.of(Score.PROBABILITY, Score.EFFECT, Score.SHARE, Score.PRESENCE);
    return new Thresholds(
        revision,
        reading,
        chosen.effect(),
        chosen.limits(),
        chosen.premise(),
        ReliabilityFit.fit(decided(words, chosen), scores),
        null);
  }

  /// Chooses the limits alone.
  ///
  /// @throws LynceusException BAD_REQUEST where there are no right decisive words or no words of
  ///   form
  public static Thresholds limits(
      String revision, String reading, List<Judged> words, List<Odds> attributes) {
    double effect =
        Auc.threshold(
            words.stream()
                .filter(w -> w.kind() == Kind.FORM || w.kind() == Kind.ANSWER && w.right())
                .map(w -> new Auc.Case(w.score(Score.EFFECT), w.kind() == Kind.ANSWER))
                .toList(),
            1);
    if (Double.isNaN(effect)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "there are no words to choose thresholds from",
          "Give more questions with right answers.");
    }
    Map<Score, Double> limits = new LinkedHashMap<>();
    boolean absent = words.stream().anyMatch(word -> word.kind() == Kind.ABSENT);
    // What is claimed is a score of few words: chosen in the place of the probability it leaves
    // false yeses and wrong counts untold.
    Set<Score> any = EnumSet.complementOf(EnumSet.of(Score.EFFECT, Score.NAMED));
    List<Auc.Case> things = cases(words, EnumSet.of(Kind.THING), Score.PRESENCE);
    if (absent) {
      add(limits, words, EnumSet.of(Kind.ABSENT), any);
    } else if (good(Auc.value(things))) {
      limits.put(Score.PRESENCE, Auc.threshold(things, FALSE_ALARMS));
    }
    add(limits, words, EnumSet.of(Kind.ANSWER, Kind.DESCRIPTION), any);
    add(limits, words, EnumSet.of(Kind.DESCRIPTION), EnumSet.of(Score.NAMED));
    double premise =
        Auc.threshold(
            attributes.stream().map(one -> new Auc.Case(one.odds(), one.so())).toList(),
            FALSE_ALARMS);
    return new Thresholds(
        revision,
        reading,
        Math.max(0, effect),
        limits.entrySet().stream()
            .filter(entry -> Double.isFinite(entry.getValue()))
            .map(entry -> new Thresholds.Limit(entry.getKey(), entry.getValue()))
            .toList(),
        // An attribute in whose place the model says another word is not supported.
        Double.isNaN(premise) ? null : Math.max(0, premise),
        null,
        null);
  }

  /// The best of some scores, with its limit.
  private static void add(
      Map<Score, Double> limits, List<Judged> words, Set<Kind> kinds, Set<Score> scores) {
    scores.stream()
        .max(Comparator.comparingDouble(score -> area(words, kinds, score)))
        .filter(score -> good(area(words, kinds, score)))
        .ifPresent(score ->
            limits.merge(
                score, Auc.threshold(cases(words, kinds, score), FALSE_ALARMS), Math::max));
  }

  private static boolean good(double area) {
    return area > USEFUL;
  }

  /// The area as a limit would have it: a word that has not the score passes, right or wrong. Else
  /// a score of a handful of words could take the place of one that tells all of them.
  private static double area(List<Judged> words, Set<Kind> kinds, Score score) {
    double area =
        Auc.value(
            among(words, kinds)
                .map(word -> {
                  double value = word.score(score);
                  return new Auc.Case(
                      Double.isNaN(value) ? Double.POSITIVE_INFINITY : value, word.right());
                })
                .toList());
    return Double.isNaN(area) ? 0 : area;
  }

  /// Words that a limit shall part. Answers about absent things are told from right answers about
  /// those that are there.
  private static List<Auc.Case> cases(List<Judged> words, Set<Kind> kinds, Score score) {
    return among(words, kinds)
        .map(word -> new Auc.Case(word.score(score), word.right()))
        .filter(one -> !Double.isNaN(one.score()))
        .toList();
  }

  private static Stream<Judged> among(List<Judged> words, Set<Kind> kinds) {
    return words.stream()
        .filter(word ->
            kinds.contains(word.kind())
                || kinds.contains(Kind.ABSENT) && word.kind() == Kind.ANSWER && word.right());
  }

  /// Words that a reliability is about: those that the picture decides or speaks against.
  public static List<ReliabilityFit.Word> decided(List<Judged> words, Thresholds thresholds) {
    return words.stream()
        .filter(word -> word.kind() != Kind.FORM && word.kind() != Kind.THING)
        .filter(word -> Math.abs(word.score(Score.EFFECT)) >= thresholds.effect())
        .map(word ->
            new ReliabilityFit.Word(
                word.group(), word.scores(), word.states(), word.own(), word.right()))
        .toList();
  }

  /// The refusal of words of which the picture decides none.
  static LynceusException undecided(LynceusException tooFew) {
    return new LynceusException(
        tooFew.code(),
        "the picture decides none of these words, and nothing tells right ones from wrong ones",
        "Give questions whose answers need the picture.",
        tooFew);
  }
}
