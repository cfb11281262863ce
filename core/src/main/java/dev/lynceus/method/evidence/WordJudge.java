package dev.lynceus.method.evidence;

import dev.lynceus.method.Shown;
import dev.lynceus.method.Spoken;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Gives words their verdicts, and says what each rests on.
final class WordJudge {
  /// Nats from which on a word counts as decided by the picture where no thresholds are known: the
  /// picture doubles its probability.
  static final double SEEN = Math.log(2);

  private final @Nullable Thresholds thresholds;
  private final List<Evidence.Asked> granted;
  private final List<Evidence.Premise> premises;
  private final Shown shown;
  private final boolean outside;

  /// @param outside whether the question lies outside of what the model was made for, so that no
  ///   probability of being right is known
  /// @param granted things of the question that are taken for granted
  WordJudge(
      @Nullable Thresholds thresholds,
      List<Evidence.Asked> granted,
      List<Evidence.Premise> premises,
      Shown shown,
      boolean outside) {
    this.thresholds = thresholds;
    this.granted = granted;
    this.premises = premises;
    this.shown = shown;
    this.outside = outside;
  }

  /// The word with its verdict.
  Evidence.Word judged(Evidence.Word word) {
    if (thresholds == null) {
      boolean decided = Math.abs(word.effect()) >= SEEN;
      return word.judged(Verdict.UNCALIBRATED, null, decided, List.of(), shown.told(moved(word)));
    }
    Verdict verdict = thresholds.word(word, granted);
    List<Evidence.Doubt> doubts =
        verdict == Verdict.UNSUPPORTED ? doubts(thresholds.failed(word, granted), word) : List.of();
    Evidence.Premise denied =
        premises.stream()
            .filter(premise -> premise.named() && premise.thing().equalsIgnoreCase(word.text()))
            .filter(premise -> !premise.verdict().equals(Verdict.IMAGE.label()))
            .findFirst()
            .orElse(null);
    Double limit = thresholds.premise();
    if (denied != null && limit != null && verdict == Verdict.IMAGE) {
      verdict = Verdict.UNSUPPORTED;
      doubts = List.of(doubt(denied, limit));
    }
    if (verdict == Verdict.IMAGE) {
      doubts = strange();
      verdict = doubts.isEmpty() ? verdict : Verdict.UNSUPPORTED;
    }
    Reliability reliability = thresholds.reliability();
    // It was fitted on questions that grant nothing false.
    Double right =
        reliability == null || outside || verdict == Verdict.TEXT || denied != null
            ? null
            : Double.valueOf(reliability.of(Score.all(word, granted)));
    return word.judged(
        verdict,
        right,
        verdict != Verdict.TEXT,
        doubts,
        shown.told(because(word, verdict, doubts)));
  }

  /// What is asked for by a word that the model was never taught: that it says yes supports
  /// nothing.
  private List<Evidence.Doubt> strange() {
    Thresholds.Limit limit =
        thresholds == null ? null : thresholds.limit(Score.PRESENCE).orElse(null);
    return limit == null
        ? List.of()
        : granted.stream()
            .filter(thing -> !thing.known())
            .limit(1)
            .map(thing ->
                new Evidence.Doubt(
                    Score.PRESENCE.name(),
                    thing.presence(),
                    limit.least(),
                    "the model was never taught the word \u201c%s\u201d".formatted(thing.text())))
            .toList();
  }

  // ---- in words

  /// What becomes of the word without the picture.
  private static String moved(Evidence.Word word) {
    String with = Spoken.percent(Math.exp(word.logProbability()));
    String without = Spoken.percent(Math.exp(word.blind()));
    return with.equals(without)
        ? with + " with the picture and without it"
        : with + " with the picture, " + without + " without it";
  }

  private String because(Evidence.Word word, Verdict verdict, List<Evidence.Doubt> doubts) {
    return switch (verdict) {
      case TEXT ->
          (word.effect() < -Objects.requireNonNull(thresholds).effect()
                  ? "it stays the likeliest word, though the picture lowers it: "
                  : "the picture hardly moves it: ")
              + moved(word);
      case CONTRADICTED -> "the picture speaks against it: " + moved(word);
      case UNSUPPORTED ->
          moved(word)
              + "; but "
              + String.join("; ", doubts.stream().map(Evidence.Doubt::text).toList());
      case IMAGE -> {
        List<String> parts = new ArrayList<>();
        parts.add(moved(word));
        least().map(thing -> answered(thing.text(), thing.presence())).ifPresent(parts::add);
        Evidence.Claim claim = word.claim();
        if (claim != null) {
          parts.add(answered(claim));
        }
        yield String.join("; ", parts);
      }
      case UNCALIBRATED, OPEN -> moved(word);
    };
  }

  /// The thing of the question that the model is least sure of.
  private Optional<Evidence.Asked> least() {
    return granted.stream()
        .filter(Evidence.Asked::known)
        .min(Comparator.comparingDouble(Evidence.Asked::presence));
  }

  private List<Evidence.Doubt> doubts(List<Thresholds.Limit> failed, Evidence.Word word) {
    return failed.stream()
        .map(limit -> {
          double value = limit.score().of(word, granted);
          return new Evidence.Doubt(
              limit.score().name(), value, limit.least(), text(limit, value, word));
        })
        .toList();
  }

  private String text(Thresholds.Limit limit, double value, Evidence.Word word) {
    return switch (limit.score()) {
      case PRESENCE ->
          least().map(thing -> answered(thing.text(), value)).orElseThrow()
              + needed(value, limit.least());
      case NAMED -> {
        Evidence.Claim claim = word.claim();
        yield (claim == null ? "" : answered(claim)) + needed(value, limit.least());
      }
      case PROBABILITY ->
          "the model is not sure of it, probability %s where %s is needed"
              .formatted(Spoken.percent(Math.exp(value)), Spoken.percent(Math.exp(limit.least())));
      case EFFECT, INCREASE, SHARE, CONFIDENCE, ASKED, PROBE ->
          "%s is %s where %s is needed"
              .formatted(limit.score().words(), plain(value), plain(limit.least()));
    };
  }

  /// A yes that is too faint says so.
  private static String needed(double value, double least) {
    return value < 0 ? "" : ", where " + plain(least) + " is needed";
  }

  private static Evidence.Doubt doubt(Evidence.Premise denied, double limit) {
    return new Evidence.Doubt(
        "PREMISE", denied.odds(), limit, asked(denied.asked(), denied.said(), denied.odds()));
  }

  /// What the model says of a thing.
  static String answered(String thing, double odds) {
    return "asked whether %s %s there, the model %s (log odds %s)"
        .formatted(
            Things.several(thing) ? thing : article(thing) + thing,
            Things.several(thing) ? "are" : "is",
            EvidenceWords.said(odds),
            plain(odds));
  }

  private static String answered(Evidence.Claim claim) {
    return claim.attribute().isEmpty()
        ? answered(claim.thing(), claim.odds())
        : asked(claim.asked(), claim.said(), claim.odds());
  }

  private static String asked(String question, String said, double odds) {
    return "asked \u201c%s\u201d, the model says \u201c%s\u201d (log odds %s)"
        .formatted(question, said, plain(odds));
  }

  private static String article(String thing) {
    return "aeiou".indexOf(thing.charAt(0)) >= 0 ? "an " : "a ";
  }

  private static String plain(double value) {
    return Spoken.odds(value);
  }
}
