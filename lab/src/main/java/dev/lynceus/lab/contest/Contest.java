package dev.lynceus.lab.contest;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.contest.Contender.Job;
import dev.lynceus.lab.contest.Contender.Part;
import dev.lynceus.lab.contest.Contender.Shown;
import dev.lynceus.lab.data.Example;
import dev.lynceus.lab.experiment.Compared;
import dev.lynceus.lab.experiment.Measured;
import dev.lynceus.lab.experiment.Procedure;
import dev.lynceus.lab.experiment.Summary;
import dev.lynceus.lab.experiment.UnitRow;
import dev.lynceus.lab.procedure.Procedures;
import dev.lynceus.method.score.Chance;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/// Puts the same questions about held-out scenes to a model in every way: directly, by strategies
/// (describe, mark, think, vote), and by controls that do the same but for the point of a strategy.
///
/// ```java
/// ContestReport report = new Contest(model, Contest.STRATEGIES, Contest.KINDS, 20, 20_260, 3, 5, 1.5, Progress.NONE).hold();
/// ```
///
/// @param model that is asked
/// @param strategies that are tried, of [#STRATEGIES]; each with its controls
/// @param kinds of questions, of [#KINDS]
/// @param scenes of each sequence
/// @param seed of the first sequence; the others have the seeds after it
/// @param seeds how many sequences
/// @param samples explanations of each vote
/// @param temperature that they are drawn at
/// @param progress told of every question
public record Contest(
    LoadedModel model,
    List<String> strategies,
    List<String> kinds,
    int scenes,
    long seed,
    int seeds,
    int samples,
    double temperature,
    Progress progress) {

  /// All strategies.
  public static final List<String> STRATEGIES =
      List.of(Contender.DESCRIBE, Contender.MARK, Contender.THINK, Contender.VOTE);

  /// All kinds of questions, those about whole scenes first.
  public static final List<String> KINDS =
      List.of(
          "colour",
          "which",
          "where",
          "exists",
          "count",
          "same",
          "side",
          ContestRow.SMALL,
          ContestRow.UNNAMED);

  private static final String RIGHT = "right";

  public Contest {
    strategies = checked(strategies, STRATEGIES, "strategy");
    kinds = checked(kinds, KINDS, "kind of question");
    // One scene has no other picture to describe.
    if (scenes < 2 || seeds < 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "%d scenes of %d seeds".formatted(scenes, seeds),
          "Use two scenes or more, and one seed or more.");
    }
  }

  private static List<String> checked(List<String> named, List<String> known, String what) {
    for (String one : named.isEmpty() ? List.of("") : named) {
      if (!known.contains(one)) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "there is no %s '%s'".formatted(what, one),
            "Use all, or some of %s.".formatted(String.join(", ", known)));
      }
    }
    return List.copyOf(named);
  }

  /// Asks, and compares.
  ///
  /// @throws LynceusException CANCELLED; UNSUPPORTED_MODEL for a model that no strategy can ask
  public ContestReport hold() {
    List<Contender> contenders =
        Contender.all(samples, temperature).stream()
            .filter(one -> one.part() == Part.BASE || strategies.contains(one.strategy()))
            .toList();
    List<Long> all = LongStream.range(seed, seed + seeds).boxed().toList();
    List<ContestRow> rows =
        all.stream()
            .flatMap(one -> ContestRow.of(one, scenes).stream())
            .filter(row -> kinds.contains(row.kind()))
            .toList();
    SequencedMap<Job, List<Contender>> jobs = new LinkedHashMap<>();
    contenders.forEach(one -> jobs.computeIfAbsent(one.job(), job -> new ArrayList<>()).add(one));
    Map<String, List<Measured>> measured = new LinkedHashMap<>();
    contenders.forEach(one -> measured.put(one.name(), new ArrayList<>()));
    long done = 0;
    for (Map.Entry<Job, List<Contender>> job : jobs.entrySet()) {
      Procedure.Step step =
          Procedures.named(job.getKey().procedure(), job.getKey().settings()).step();
      for (ContestRow row : rows) {
        String stage = job.getKey().procedure();
        if (progress.cancelled()) {
          throw new LynceusException(
              ErrorCode.CANCELLED, "stopped at " + stage, "Ask for fewer scenes.");
        }
        progress.at(stage, done++, (long) rows.size() * jobs.size());
        ask(step, job, row, rows, measured);
      }
    }
    return report(contenders, rows, measured);
  }

  ContestReport report(
      List<Contender> contenders, List<ContestRow> rows, Map<String, List<Measured>> measured) {
    List<String> asked = rows.stream().map(ContestRow::kind).distinct().toList();
    List<Long> all = rows.stream().map(ContestRow::seed).distinct().toList();
    return new ContestReport(
        model.name(),
        all,
        scenes,
        samples,
        temperature,
        contenders.stream()
            .map(one ->
                new ContestReport.Entry(
                    one.name(), one.part().name().toLowerCase(Locale.ROOT), one.what()))
            .toList(),
        ContestKinds.of(rows),
        cells(measured, asked, all),
        differences(contenders, measured, asked));
  }

  /// Does a job with a question; what it cannot be done with, such as marking what is not there,
  /// counts for nobody.
  private void ask(
      Procedure.Step step,
      Map.Entry<Job, List<Contender>> job,
      ContestRow row,
      List<ContestRow> rows,
      Map<String, List<Measured>> measured) {
    Optional<Example> example = example(job.getKey(), row, rows);
    if (example.isEmpty()) {
      return;
    }
    List<UnitRow> units;
    try {
      units = step.apply(model, example.get(), row.seed()).units();
    } catch (LynceusException e) {
      if (e.code() == ErrorCode.BAD_REQUEST) {
        return;
      }
      throw e;
    }
    for (Contender one : job.getValue()) {
      for (UnitRow unit : units) {
        Double value = unit.value();
        if (value != null
            && unit.unit().equals(UnitRow.EXAMPLE)
            && unit.metric().equals(one.metric())) {
          measured
              .getOrDefault(one.name(), new ArrayList<>())
              .add(
                  new Measured(
                      row.example().id(), row.seed(), row.kind(), row.picture(), RIGHT, value));
        }
      }
    }
  }

  /// The question about its own picture, or about that of the next question of its kind.
  private static Optional<Example> example(Job job, ContestRow row, List<ContestRow> rows) {
    if (job.picture() == Shown.OWN) {
      return Optional.of(row.example());
    }
    List<ContestRow> same =
        rows.stream()
            .filter(other -> other.kind().equals(row.kind()) && other.seed() == row.seed())
            .toList();
    ContestRow next = same.get((same.indexOf(row) + 1) % same.size());
    return next.equals(row) ? Optional.empty() : Optional.of(row.on(next.example().images()));
  }

  private static boolean whole(Measured one) {
    return !one.kind().equals(ContestRow.SMALL) && !one.kind().equals(ContestRow.UNNAMED);
  }

  /// Which questions a table is about.
  private static Predicate<Measured> of(String kind) {
    return kind.equals(Summary.ALL) ? Contest::whole : one -> one.kind().equals(kind);
  }

  private static List<String> withAll(List<String> kinds) {
    List<String> all = new ArrayList<>(List.of(Summary.ALL));
    all.addAll(kinds);
    return all;
  }

  private static List<ContestReport.Cell> cells(
      Map<String, List<Measured>> measured, List<String> kinds, List<Long> seeds) {
    List<ContestReport.Cell> cells = new ArrayList<>();
    for (String kind : withAll(kinds)) {
      measured.forEach((name, values) -> {
        List<Measured> own = values.stream().filter(of(kind)).toList();
        Summary.of(own).lines().stream()
            .filter(line -> line.kind().equals(Summary.ALL))
            .forEach(line ->
                cells.add(
                    new ContestReport.Cell(
                        name,
                        kind,
                        line.mean(),
                        line.rows(),
                        seeds.stream().map(seed -> share(own, seed)).toList())));
      });
    }
    return cells;
  }

  private static double share(List<Measured> values, long seed) {
    return values.stream()
        .filter(one -> one.seed() == seed)
        .mapToDouble(Measured::value)
        .average()
        .orElse(Double.NaN);
  }

  private static List<ContestReport.Difference> differences(
      List<Contender> contenders, Map<String, List<Measured>> measured, List<String> kinds) {
    List<ContestReport.Difference> found = new ArrayList<>();
    for (String kind : withAll(kinds)) {
      for (Contender one : contenders) {
        if (one.part() == Part.STRATEGY) {
          List<String> others = new ArrayList<>(List.of(Contender.DIRECT));
          others.addAll(one.controls());
          for (String other : others) {
            difference(one.name(), other, kind, measured).ifPresent(found::add);
          }
        }
      }
    }
    double[] corrected =
        Chance.holm(found.stream().mapToDouble(ContestReport.Difference::p).toArray());
    List<ContestReport.Difference> all = new ArrayList<>();
    for (int i = 0; i < corrected.length; i++) {
      ContestReport.Difference one = found.get(i);
      all.add(
          new ContestReport.Difference(
              one.strategy(),
              one.against(),
              one.kind(),
              one.difference(),
              one.questions(),
              one.p(),
              corrected[i]));
    }
    return Collections.unmodifiableList(all);
  }

  private static Optional<ContestReport.Difference> difference(
      String strategy, String other, String kind, Map<String, List<Measured>> measured) {
    List<Measured> own =
        measured.getOrDefault(strategy, List.of()).stream().filter(of(kind)).toList();
    List<Measured> against =
        measured.getOrDefault(other, List.of()).stream().filter(of(kind)).toList();
    if (own.isEmpty() || against.isEmpty()) {
      return Optional.empty();
    }
    return Compared.of(against, own).lines().stream()
        .filter(line -> line.kind().equals(Summary.ALL))
        .findFirst()
        .map(line ->
            new ContestReport.Difference(
                strategy, other, kind, line.difference(), line.rows(), line.p(), Double.NaN));
  }
}
