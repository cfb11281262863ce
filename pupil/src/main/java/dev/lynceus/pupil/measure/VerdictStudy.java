package dev.lynceus.pupil.measure;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Progress;
import dev.lynceus.method.evidence.InternalConfidence;
import dev.lynceus.method.evidence.Score;
import dev.lynceus.method.evidence.Thresholds;
import dev.lynceus.method.evidence.Verdict;
import dev.lynceus.method.score.Auc;
import dev.lynceus.method.score.Estimate;
import dev.lynceus.pupil.measure.VerdictCases.Case;
import dev.lynceus.pupil.measure.VerdictCases.Truth;
import dev.lynceus.pupil.measure.VerdictReport.Row;
import dev.lynceus.pupil.measure.VerdictReport.Scenes;
import dev.lynceus.pupil.measure.VerdictReport.Task;
import dev.lynceus.run.LoadedModel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/// Measures what the scores of evidence are worth: thresholds are chosen on one sequence of scenes
/// and checked on another.
public final class VerdictStudy {
  /// Part of the right words that a limit may call unsupported.
  private static final double FALSE_ALARMS = .05;

  /// A score must be this good to become a limit.
  private static final double USEFUL = .6;

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
    Thresholds thresholds = choose(cases(calibration, null));
    List<Case> held = cases(heldOut, thresholds);
    return new VerdictReport(
        model.name(),
        reading.label(),
        calibration,
        heldOut,
        words(held),
        rows(held),
        thresholds,
        verdicts(held));
  }

  private List<Case> cases(
      Scenes scenes, @org.jspecify.annotations.Nullable Thresholds thresholds) {
    return new VerdictCases(model, reading, thresholds, progress).of(scenes.seed(), scenes.count());
  }

  /// The words that a task tells apart.
  private static List<Auc.Case> of(List<Case> all, Task task, Score score) {
    Set<Truth> good = good(task);
    Set<Truth> bad = bad(task);
    return all.stream()
        .filter(one -> good.contains(one.truth()) || bad.contains(one.truth()))
        .map(one -> new Auc.Case(one.score(score), good.contains(one.truth())))
        .filter(one -> !Double.isNaN(one.score()))
        .toList();
  }

  private static Set<Truth> good(Task task) {
    return switch (task) {
      case WRONG, ABSENT, FORM -> EnumSet.of(Truth.RIGHT);
      case INVENTED -> EnumSet.of(Truth.DESCRIBED);
      case MISSING -> EnumSet.of(Truth.SEEN);
    };
  }

  private static Set<Truth> bad(Task task) {
    return switch (task) {
      case WRONG -> EnumSet.of(Truth.WRONG);
      case ABSENT -> EnumSet.of(Truth.ABSENT);
      case INVENTED -> EnumSet.of(Truth.INVENTED);
      case MISSING -> EnumSet.of(Truth.MISSING);
      case FORM -> EnumSet.of(Truth.FORM);
    };
  }

  /// The effect that parts decisive words from words of form; for absent things, and for wrong
  /// words of answers and descriptions together, the best score with the limit that parts them best
  /// among those that few right words miss.
  private Thresholds choose(List<Case> cases) {
    double effect = Auc.threshold(of(cases, Task.FORM, Score.EFFECT), 1);
    if (Double.isNaN(effect)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "these scenes give no words to choose thresholds from",
          "Give more --calibration-scenes.");
    }
    Map<Score, Double> limits = new LinkedHashMap<>();
    for (Set<Task> tasks :
        List.of(EnumSet.of(Task.ABSENT), EnumSet.of(Task.WRONG, Task.INVENTED))) {
      EnumSet.allOf(Score.class).stream()
          .filter(score -> score != Score.EFFECT)
          .max(Comparator.comparingDouble(score -> area(cases, tasks, score)))
          .filter(score -> area(cases, tasks, score) > USEFUL)
          .ifPresent(score ->
              limits.merge(
                  score, Auc.threshold(pooled(cases, tasks, score), FALSE_ALARMS), Math::max));
    }
    return new Thresholds(
        model.checkpoint().revision().orElse(model.checkpoint().fingerprint()),
        reading.label(),
        effect,
        limits.entrySet().stream()
            .filter(entry -> !Double.isNaN(entry.getValue()))
            .map(entry -> new Thresholds.Limit(entry.getKey(), entry.getValue()))
            .toList());
  }

  private static double area(List<Case> cases, Set<Task> tasks, Score score) {
    double area = Auc.value(pooled(cases, tasks, score));
    return Double.isNaN(area) ? 0 : area;
  }

  private static List<Auc.Case> pooled(List<Case> cases, Set<Task> tasks, Score score) {
    return tasks.stream().flatMap(task -> of(cases, task, score).stream()).toList();
  }

  private static List<Row> rows(List<Case> cases) {
    List<Row> rows = new ArrayList<>();
    for (Task task : Task.values()) {
      for (Score score : Score.values()) {
        List<Auc.Case> some = of(cases, task, score);
        long good = some.stream().filter(Auc.Case::good).count();
        if (good > 0 && good < some.size()) {
          Estimate area = Auc.of(some);
          rows.add(new Row(task, score, good, some.size() - good, area, Auc.of(shuffled(some))));
        }
      }
    }
    return rows;
  }

  /// The same scores with the labels of others.
  private static List<Auc.Case> shuffled(List<Auc.Case> cases) {
    List<Boolean> labels = new ArrayList<>(cases.stream().map(Auc.Case::good).toList());
    SplittableRandom random = new SplittableRandom(17);
    for (int i = labels.size() - 1; i > 0; i--) {
      java.util.Collections.swap(labels, i, random.nextInt(i + 1));
    }
    List<Auc.Case> mixed = new ArrayList<>();
    for (int i = 0; i < cases.size(); i++) {
      mixed.add(new Auc.Case(cases.get(i).score(), labels.get(i)));
    }
    return mixed;
  }

  private static Map<String, Integer> words(List<Case> cases) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (Truth truth : Truth.values()) {
      counts.put(truth.label(), (int) cases.stream().filter(one -> one.truth() == truth).count());
    }
    return counts;
  }

  private static Map<String, Map<String, Integer>> verdicts(List<Case> cases) {
    Map<String, Map<String, Integer>> counts = new LinkedHashMap<>();
    for (Truth truth : Truth.values()) {
      Map<String, Integer> row = new LinkedHashMap<>();
      for (Verdict verdict : List.of(Verdict.IMAGE, Verdict.TEXT, Verdict.UNSUPPORTED)) {
        row.put(
            verdict.label(),
            (int)
                cases.stream()
                    .filter(one -> one.truth() == truth && one.verdict().equals(verdict.label()))
                    .count());
      }
      counts.put(truth.label(), row);
    }
    return counts;
  }
}
