package dev.lynceus.method.evidence;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.evidence.ThresholdFit.Judged;
import dev.lynceus.method.evidence.ThresholdFit.Kind;
import dev.lynceus.method.score.Auc;
import dev.lynceus.method.score.Share;
import dev.lynceus.model.Picture;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Measures thresholds of verdicts on a model's own answers whose truth somebody knows, by the
/// rules of [ThresholdFit]. What they are worth is measured on rows left out: the pictures are
/// split into [#FOLDS] parts, and each part is judged by what was chosen on the others.
public final class Calibrator {
  static final int FOLDS = 5;

  /// Fewest right decisive words, wrong ones, and pictures.
  static final int RIGHT = 20;

  static final int WRONG = 10;
  static final int PICTURES = 10;

  private final LoadedModel model;
  private final InternalConfidence.Reading reading;
  private final EvidenceExplainer explainer;
  private final AskBack back;
  private final List<Judged> words = new ArrayList<>();
  private final List<ThresholdFit.Odds> attributes = new ArrayList<>();
  private final List<Effects> effects = new ArrayList<>();
  private List<float[][]> states = List.of();
  private int rows;

  /// What the picture adds to an attribute, in the order of the odds.
  private record Effects(double effect) {}

  /// @param maxTokens most tokens of an answer
  public Calibrator(
      LoadedModel model, InternalConfidence.Reading reading, int maxTokens, Progress progress) {
    Shares.require(model.model());
    this.model = model;
    this.reading = reading;
    this.explainer =
        new EvidenceExplainer(
            model,
            new EvidenceOptions(reading, maxTokens, null, null, null, null, List.of(), true),
            progress,
            (run, judged) -> states = judged.stream().map(word -> states(run, word)).toList());
    this.back = new AskBack(model);
  }

  private static float[][] states(Run run, Evidence.Word word) {
    int layers = run.model().model().decoder().config().layers();
    float[][] states = new float[layers + 1][];
    for (int depth = 0; depth <= layers; depth++) {
      states[depth] = StateProbe.state(run, depth, word.position() - 1);
    }
    return states;
  }

  /// Measures a row.
  ///
  /// @throws LynceusException BAD_REQUEST where the row says nothing that can be measured
  public void add(Labels labels, List<Picture> pictures) {
    int before = words.size() + attributes.size();
    String question = labels.question();
    if (question != null) {
      Prompt prompt = model.prompt(question, pictures, "");
      String answer = labels.answer();
      Evidence found =
          answer == null ? explainer.explain(prompt) : explainer.explain(prompt, answer);
      boolean own = answer == null || said(prompt).equals(found.answer());
      for (LabelledWords one : LabelledWords.of(found, own ? withoutAnswer(labels) : labels)) {
        words.add(judged(labels.group(), one, found, own));
      }
    }
    labels.present().forEach(entry -> poll(labels.group(), entry, true, pictures));
    labels.absent().forEach(entry -> poll(labels.group(), entry, false, pictures));
    if (words.size() + attributes.size() == before) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "nothing in this row can be measured",
          "Give a question with expected or right, or lists present and absent.");
    }
    rows++;
  }

  /// What the model itself answers.
  private String said(Prompt prompt) {
    return explainer.answer(prompt);
  }

  /// An answer that is the model's own word for word counts as its own.
  private static Labels withoutAnswer(Labels labels) {
    return new Labels(
        labels.group(),
        labels.question(),
        null,
        labels.expected(),
        labels.right(),
        labels.present(),
        labels.absent(),
        labels.complete());
  }

  private Judged judged(int group, LabelledWords one, Evidence found, boolean own) {
    Evidence.Word word = found.words().get(one.word());
    List<Evidence.Asked> granted = found.asked().stream().filter(Evidence.Asked::granted).toList();
    return new Judged(
        group,
        one.kind(),
        own,
        one.right(),
        Score.all(word, granted),
        one.kind() == Kind.FORM ? new float[0][] : states.get(one.word()));
  }

  /// Asks whether something is there, or is as it is said to be.
  private void poll(int group, String entry, boolean there, List<Picture> pictures) {
    LabelledWords.Claimed claimed = LabelledWords.Claimed.of(entry);
    String attribute = claimed.attribute();
    if (claimed.thing().isEmpty()) {
      return;
    }
    if (attribute != null) {
      AskBack.Attribute found =
          back.attribute(Premises.attribute(claimed.thing(), attribute), pictures);
      attributes.add(new ThresholdFit.Odds(group, there, found.odds()));
      effects.add(new Effects(found.effect()));
    }
    if (attribute == null || there) {
      double[] scores = new double[Score.values().length];
      Arrays.fill(scores, Double.NaN);
      scores[Score.PRESENCE.ordinal()] = back.presence(claimed.thing(), pictures);
      words.add(new Judged(group, Kind.THING, false, there, scores, new float[0][]));
    }
  }

  // ---- what it comes to

  /// Chooses thresholds, and measures them on rows left out.
  ///
  /// @param data what was measured on, for readers
  /// @param passedOver rows that could not be used
  /// @throws LynceusException BAD_REQUEST where the words are too few; the message says how many
  ///   there are and how many are needed
  public Calibration measured(String data, List<String> passedOver) {
    require();
    Thresholds chosen = chosen(words, attributes, true);
    List<Verdicts> held = heldOut();
    Thresholds.Measured rates =
        new Thresholds.Measured(
            data + ", each picture judged by what was chosen on others", rates(held));
    return new Calibration(
        model.name(),
        revision(),
        data,
        rows,
        (int) words.stream().map(Judged::group).distinct().count(),
        passedOver,
        chosen.with(rates),
        kinds(held),
        areas(),
        worth(held));
  }

  private String revision() {
    return model.checkpoint().version();
  }

  private void require() {
    long right = count(word -> decides(word) && word.right());
    long wrong = count(word -> decides(word) && !word.right());
    long pictures =
        words.stream().filter(Calibrator::decides).map(Judged::group).distinct().count();
    if (right < RIGHT || wrong < WRONG || pictures < PICTURES) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "%d right and %d wrong decisive words on %d pictures are too few to calibrate on"
              .formatted(right, wrong, pictures),
          "At least %d right ones, %d wrong ones and %d pictures are needed: %s."
              .formatted(RIGHT, WRONG, PICTURES, missing(right, wrong)));
    }
  }

  private static String missing(long right, long wrong) {
    if (right < RIGHT) {
      return right == 0 && wrong >= WRONG
          ? "the model answers none of these questions right, so give it some that it can answer, or"
              + " mark answers as right"
          : "add questions that the model answers right";
    }
    return wrong < WRONG
        ? "add questions about things that are not there, or that the model answers wrong"
        : "use more pictures";
  }

  private long count(Predicate<Judged> which) {
    return words.stream().filter(which).count();
  }

  private static boolean decides(Judged word) {
    return word.kind() != Kind.FORM && word.kind() != Kind.THING;
  }

  /// @param whole whether a reliability that cannot be fitted is refused
  private Thresholds chosen(List<Judged> some, List<ThresholdFit.Odds> odds, boolean whole) {
    try {
      return ThresholdFit.choose(revision(), reading.label(), some, odds);
    } catch (LynceusException tooFew) {
      // Too few words that the picture decides: verdicts without a reliability.
      Thresholds limits = ThresholdFit.limits(revision(), reading.label(), some, odds);
      if (whole && ThresholdFit.decided(some, limits).isEmpty()) {
        throw ThresholdFit.undecided(tooFew);
      }
      return limits;
    }
  }

  /// A word of a picture that was left out, by the thresholds of the others.
  ///
  /// @param right probability that it is right; NaN without one
  private record Verdicts(Judged word, Verdict verdict, double right) {}

  private List<Verdicts> heldOut() {
    List<Verdicts> held = new ArrayList<>();
    for (int fold = 0; fold < FOLDS; fold++) {
      int part = fold;
      List<Judged> rest = words.stream().filter(w -> w.group() % FOLDS != part).toList();
      Thresholds limits =
          chosen(rest, attributes.stream().filter(o -> o.group() % FOLDS != part).toList(), false);
      for (Judged word : words) {
        if (word.group() % FOLDS == part) {
          held.add(verdict(word, limits));
        }
      }
      for (int i = 0; i < attributes.size(); i++) {
        ThresholdFit.Odds one = attributes.get(i);
        if (one.group() % FOLDS == part && limits.premise() != null) {
          Judged as =
              new Judged(one.group(), Kind.THING, false, one.so(), new double[0], new float[0][]);
          held.add(
              new Verdicts(as, limits.premise(one.odds(), effects.get(i).effect()), Double.NaN));
        }
      }
    }
    return held;
  }

  private static Verdicts verdict(Judged word, Thresholds limits) {
    if (word.kind() == Kind.THING) {
      double presence = word.score(Score.PRESENCE);
      boolean known = limits.limits().stream().anyMatch(l -> l.score() == Score.PRESENCE);
      boolean fails =
          limits.limits().stream()
              .anyMatch(l -> l.score() == Score.PRESENCE && presence < l.least());
      return new Verdicts(
          word,
          !known ? Verdict.UNCALIBRATED : fails ? Verdict.UNSUPPORTED : Verdict.IMAGE,
          Double.NaN);
    }
    Reliability reliability = limits.reliability();
    Verdict verdict = limits.verdict(word.scores());
    if (reliability == null || verdict == Verdict.TEXT || word.kind() == Kind.FORM) {
      return new Verdicts(word, verdict, Double.NaN);
    }
    double[] scores = word.scores().clone();
    StateProbe probe = reliability.probe();
    if (probe != null && word.states().length > 0) {
      scores[Score.PROBE.ordinal()] = probe.read(word.states()[probe.depth()]);
    }
    return new Verdicts(word, verdict, reliability.of(scores));
  }

  /// How often verdicts about the model's own words were wrong; of words that the picture speaks
  /// against also about given ones.
  private static List<Thresholds.Rate> rates(List<Verdicts> held) {
    List<Thresholds.Rate> rates = new ArrayList<>();
    for (Verdict verdict : List.of(Verdict.IMAGE, Verdict.CONTRADICTED, Verdict.UNSUPPORTED)) {
      List<Verdicts> some =
          held.stream()
              .filter(one -> decides(one.word()) && one.verdict() == verdict)
              .filter(one -> one.word().own() || verdict == Verdict.CONTRADICTED)
              .toList();
      int wrong = (int) some.stream().filter(one -> !one.word().right()).count();
      rates.add(new Thresholds.Rate(verdict.label(), wrong, some.size()));
    }
    return rates;
  }

  private static List<Calibration.Kind> kinds(List<Verdicts> held) {
    return Stream.of(
            kind("form of an answer", held, one -> one.kind() == Kind.FORM, Verdict.TEXT),
            kind(
                "right, decisive",
                held,
                one -> one.kind() == Kind.ANSWER && one.right(),
                Verdict.IMAGE),
            kind(
                "described as it is",
                held,
                one -> one.kind() == Kind.DESCRIPTION && one.right(),
                Verdict.IMAGE),
            kind("wrong", held, one -> one.kind() == Kind.ANSWER && !one.right(), null),
            kind("about an absent thing", held, one -> one.kind() == Kind.ABSENT, null),
            kind(
                "invented in a description",
                held,
                one -> one.kind() == Kind.DESCRIPTION && !one.right(),
                null),
            kind("right No", held, one -> one.kind() == Kind.OTHER && one.right(), Verdict.TEXT),
            kind("given and wrong", held, one -> one.kind() == Kind.OTHER && !one.right(), null),
            kind(
                "asked for, there",
                held,
                one -> one.kind() == Kind.THING && one.right() && one.scores().length > 0,
                Verdict.IMAGE),
            kind(
                "asked for, not there",
                held,
                one -> one.kind() == Kind.THING && !one.right() && one.scores().length > 0,
                null),
            kind(
                "attribute, true",
                held,
                one -> one.kind() == Kind.THING && one.right() && one.scores().length == 0,
                Verdict.IMAGE),
            kind(
                "attribute, false",
                held,
                one -> one.kind() == Kind.THING && !one.right() && one.scores().length == 0,
                null))
        .filter(kind -> kind.due().of() > 0)
        .toList();
  }

  /// @param due the verdict that such a word should get; null for contradicted or unsupported
  private static Calibration.Kind kind(
      String what, List<Verdicts> held, Predicate<Judged> which, @Nullable Verdict due) {
    List<Verdicts> some = held.stream().filter(one -> which.test(one.word())).toList();
    int image = count(some, Verdict.IMAGE);
    int text = count(some, Verdict.TEXT);
    int contradicted = count(some, Verdict.CONTRADICTED);
    int unsupported = count(some, Verdict.UNSUPPORTED);
    int hits = due == null ? contradicted + unsupported : count(some, due);
    return new Calibration.Kind(
        what, image, text, contradicted, unsupported, Share.of(hits, some.size()));
  }

  private static int count(List<Verdicts> some, Verdict verdict) {
    return (int) some.stream().filter(one -> one.verdict() == verdict).count();
  }

  private List<Calibration.Area> areas() {
    List<Calibration.Area> areas = new ArrayList<>();
    for (Score score : Score.values()) {
      List<Auc.Case> cases =
          words.stream()
              .filter(word -> decides(word) || word.kind() == Kind.THING)
              .filter(word -> word.kind() != Kind.THING || score == Score.PRESENCE)
              .map(word -> new Auc.Case(word.score(score), word.right()))
              .filter(one -> !Double.isNaN(one.score()))
              .toList();
      long right = cases.stream().filter(Auc.Case::good).count();
      if (right > 0 && right < cases.size()) {
        areas.add(new Calibration.Area(score.name(), right, cases.size() - right, Auc.of(cases)));
      }
    }
    return areas;
  }

  private static Calibration.@Nullable Worth worth(List<Verdicts> held) {
    List<Verdicts> known = held.stream().filter(one -> !Double.isNaN(one.right())).toList();
    if (known.isEmpty()) {
      return null;
    }
    double share = known.stream().filter(one -> one.word().right()).count() / (double) known.size();
    double brier =
        known.stream()
            .mapToDouble(one -> {
              double error = one.right() - (one.word().right() ? 1 : 0);
              return error * error;
            })
            .average()
            .orElse(Double.NaN);
    return new Calibration.Worth(
        Auc.of(known.stream().map(one -> new Auc.Case(one.right(), one.word().right())).toList()),
        brier,
        share * (1 - share));
  }
}
