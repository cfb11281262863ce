package dev.lynceus.lab.measure;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.measure.Truth.Side;
import dev.lynceus.lab.measure.VerdictCases.Case;
import dev.lynceus.lab.measure.VerdictReport.Row;
import dev.lynceus.lab.measure.VerdictReport.Situation;
import dev.lynceus.lab.measure.VerdictReport.Task;
import dev.lynceus.method.evidence.InternalConfidence;
import dev.lynceus.method.evidence.Reliability;
import dev.lynceus.method.evidence.ReliabilityFit;
import dev.lynceus.method.evidence.Score;
import dev.lynceus.method.evidence.StateProbe;
import dev.lynceus.method.evidence.ThresholdFit;
import dev.lynceus.method.evidence.Thresholds;
import dev.lynceus.method.evidence.Verdict;
import dev.lynceus.method.score.Auc;
import dev.lynceus.method.score.Share;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Measures what the scores of evidence are worth: thresholds, probe, combination and calibration
/// are chosen on one sequence of scenes and checked on another.
public final class VerdictStudy {
  private final LoadedModel model;
  private final InternalConfidence.Reading reading;
  private final Progress progress;

  public VerdictStudy(LoadedModel model, InternalConfidence.Reading reading, Progress progress) {
    this.model = model;
    this.reading = reading;
    this.progress = progress;
  }

  /// Chooses thresholds on some scenes and measures on others.
  ///
  /// @throws LynceusException BAD_REQUEST if both are of one sequence, or the words of the first
  ///   are too few to choose from
  public VerdictReport measure(Scenes calibration, Scenes heldOut) {
    if (calibration.seed() == heldOut.seed()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "thresholds would be checked on the scenes they were chosen on, seed " + heldOut.seed(),
          "Give another --calibration-seed.");
    }
    VerdictCases fitted = ask(calibration, null);
    return measure(choose(fitted), calibration, heldOut, fitted.cases());
  }

  /// Measures given thresholds.
  ///
  /// @param known words of the scenes that they were chosen on; empty where they are not at hand
  private VerdictReport measure(
      Thresholds thresholds, Scenes calibration, Scenes heldOut, List<Case> known) {
    VerdictCases held = ask(heldOut, thresholds);
    List<Case> cases = held.cases();
    Reliability reliability = thresholds.reliability();
    List<Situation> situations = situations(cases);
    return new VerdictReport(
        model.name(),
        reading.label(),
        calibration,
        heldOut,
        rows(cases, shuffledProbe(known, thresholds)),
        VerdictForms.of(held.premises(), thresholds),
        reliability == null ? null : VerdictForms.combined(decided(cases, thresholds), reliability),
        with(thresholds, measured(cases, heldOut)),
        situations);
  }

  private VerdictCases ask(Scenes scenes, @Nullable Thresholds thresholds) {
    return new VerdictCases(model, reading, thresholds, progress)
        .ask(scenes.seed(), scenes.count());
  }

  /// The words that a task tells apart.
  private static List<Auc.Case> of(List<Case> all, Task task, Score score) {
    Set<Truth> good = good(task);
    Set<Truth> bad = bad(task);
    return all.stream()
        .filter(one -> good.contains(one.truth()) || bad.contains(one.truth()))
        .filter(one -> task != Task.YES_NO || one.word().equals("Yes") || one.word().equals("No"))
        .map(one -> new Auc.Case(one.score(score), good.contains(one.truth())))
        .filter(one -> !Double.isNaN(one.score()))
        .toList();
  }

  private static Set<Truth> good(Task task) {
    return switch (task) {
      case WRONG, ABSENT, FORM, GIVEN -> EnumSet.of(Truth.RIGHT, Truth.COUNTED);
      case YES_NO -> EnumSet.of(Truth.RIGHT, Truth.DENIED);
      case INVENTED -> EnumSet.of(Truth.DESCRIBED);
      case MISSING -> EnumSet.of(Truth.SEEN);
    };
  }

  private static Set<Truth> bad(Task task) {
    return switch (task) {
      case WRONG -> EnumSet.of(Truth.WRONG);
      case ABSENT -> EnumSet.of(Truth.ABSENT);
      case INVENTED -> EnumSet.of(Truth.INVENTED);
      case YES_NO -> EnumSet.of(Truth.GIVEN_YES, Truth.GIVEN_NO);
      case GIVEN -> EnumSet.of(Truth.GIVEN_COLOUR, Truth.GIVEN_COUNT);
      case MISSING -> EnumSet.of(Truth.MISSING);
      case FORM -> EnumSet.of(Truth.FORM);
    };
  }

  // ---- choosing

  private Thresholds choose(VerdictCases fitted) {
    return ThresholdFit.choose(
        model.checkpoint().version(),
        reading.label(),
        fitted.cases().stream().map(VerdictStudy::judged).toList(),
        VerdictForms.attributes(fitted.premises()));
  }

  private static ThresholdFit.Judged judged(Case one) {
    ThresholdFit.Kind kind =
        switch (one.truth()) {
          case FORM -> ThresholdFit.Kind.FORM;
          case RIGHT, COUNTED, WRONG -> ThresholdFit.Kind.ANSWER;
          case ABSENT -> ThresholdFit.Kind.ABSENT;
          case DESCRIBED, INVENTED -> ThresholdFit.Kind.DESCRIPTION;
          case CONCLUDED, DENIED, GIVEN_COLOUR, GIVEN_NO, GIVEN_YES, GIVEN_COUNT ->
              ThresholdFit.Kind.OTHER;
          case SEEN, MISSING, TRUE_COLOUR, FALSE_COLOUR, TRUE_COUNT, FALSE_COUNT ->
              ThresholdFit.Kind.THING;
        };
    boolean right = one.right() || one.truth() == Truth.SEEN;
    return new ThresholdFit.Judged(one.scene(), kind, one.own(), right, one.scores(), one.states());
  }

  /// Words that reliability is about: those that the picture decides or speaks against.
  private static List<Case> decided(List<Case> cases, Thresholds thresholds) {
    return cases.stream()
        .filter(one -> one.truth().side() != Side.FORM && one.truth().side() != Side.QUESTION)
        .filter(one -> Math.abs(one.score(Score.EFFECT)) >= thresholds.effect())
        .toList();
  }

  private static List<ReliabilityFit.Word> words(List<Case> cases) {
    return cases.stream()
        .map(one ->
            new ReliabilityFit.Word(
                one.scene(), one.scores(), one.states(), one.own(), one.right()))
        .toList();
  }

  /// A probe that was fitted to shuffled labels: what it tells is chance.
  private static @Nullable StateProbe shuffledProbe(List<Case> cases, Thresholds thresholds) {
    List<ReliabilityFit.Word> words = words(decided(cases, thresholds));
    List<Boolean> labels =
        new ArrayList<>(words.stream().filter(w -> w.own()).map(w -> w.right()).toList());
    Collections.shuffle(labels, new SplittableRandom(17));
    List<ReliabilityFit.Word> mixed = new ArrayList<>();
    for (ReliabilityFit.Word word : words) {
      if (word.own()) {
        mixed.add(
            new ReliabilityFit.Word(
                word.scene(), word.scores(), word.states(), true, labels.get(mixed.size())));
      }
    }
    return ReliabilityFit.probe(mixed);
  }

  // ---- measuring

  private static List<Row> rows(List<Case> cases, @Nullable StateProbe shuffled) {
    List<Row> rows = new ArrayList<>();
    for (Task task : Task.values()) {
      for (Score score : Score.values()) {
        List<Auc.Case> some = of(cases, task, score);
        long good = some.stream().filter(Auc.Case::good).count();
        if (good > 0 && good < some.size()) {
          List<Auc.Case> chance =
              score == Score.PROBE && shuffled != null && task != Task.FORM
                  ? of(read(cases, shuffled), task, score)
                  : shuffled(some);
          rows.add(new Row(task, score, good, some.size() - good, Auc.of(some), Auc.of(chance)));
        }
      }
    }
    return rows;
  }

  /// The same words read by another probe.
  private static List<Case> read(List<Case> cases, StateProbe probe) {
    return cases.stream()
        .map(one -> {
          double[] scores = one.scores().clone();
          scores[Score.PROBE.ordinal()] =
              one.states().length == 0 ? Double.NaN : probe.read(one.states()[probe.depth()]);
          return new Case(
              one.truth(),
              one.scene(),
              one.word(),
              scores,
              one.states(),
              one.reliability(),
              one.verdict());
        })
        .toList();
  }

  /// The same scores with the labels of others.
  private static List<Auc.Case> shuffled(List<Auc.Case> cases) {
    List<Boolean> labels = new ArrayList<>(cases.stream().map(Auc.Case::good).toList());
    Collections.shuffle(labels, new SplittableRandom(17));
    List<Auc.Case> mixed = new ArrayList<>();
    for (int i = 0; i < cases.size(); i++) {
      mixed.add(new Auc.Case(cases.get(i).score(), labels.get(i)));
    }
    return mixed;
  }

  private static List<Situation> situations(List<Case> cases) {
    List<Situation> situations = new ArrayList<>();
    for (Truth truth : Truth.values()) {
      List<Case> some = cases.stream().filter(one -> one.truth() == truth).toList();
      Map<String, Integer> counts = new LinkedHashMap<>();
      for (Verdict verdict : Verdict.values()) {
        counts.put(verdict.label(), count(some, verdict));
      }
      int due = (int) some.stream().filter(one -> truth.isDue(one.verdict())).count();
      situations.add(
          new Situation(
              truth.label(), truth.words(), truth.meaning(), counts, Share.of(due, some.size())));
    }
    return situations;
  }

  private static int count(List<Case> cases, Verdict verdict) {
    return (int) cases.stream().filter(one -> one.verdict().equals(verdict.label())).count();
  }

  /// How often verdicts about the model's own words were wrong; of words that the picture speaks
  /// against also about given ones, because a model rarely says such words itself.
  private static Thresholds.Measured measured(List<Case> cases, Scenes scenes) {
    List<Thresholds.Rate> rates = new ArrayList<>();
    for (Verdict verdict : List.of(Verdict.IMAGE, Verdict.CONTRADICTED, Verdict.UNSUPPORTED)) {
      List<Case> some =
          cases.stream()
              .filter(one -> one.verdict().equals(verdict.label()))
              .filter(one ->
                  one.own() || verdict == Verdict.CONTRADICTED && one.truth().side() == Side.GIVEN)
              .toList();
      int wrong = (int) some.stream().filter(one -> !one.right()).count();
      rates.add(new Thresholds.Rate(verdict.label(), wrong, some.size()));
    }
    return new Thresholds.Measured(
        "%d scenes of seed %d of the bundled model's world, of nine questions a scene one about what is not there"
            .formatted(scenes.count(), scenes.seed()),
        rates);
  }

  private static Thresholds with(Thresholds thresholds, Thresholds.Measured measured) {
    return new Thresholds(
        thresholds.revision(),
        thresholds.reading(),
        thresholds.effect(),
        thresholds.limits(),
        thresholds.premise(),
        thresholds.reliability(),
        measured);
  }
}
