package dev.lynceus.cli;

import dev.lynceus.lab.experiment.Compared;
import dev.lynceus.lab.experiment.FailedRow;
import dev.lynceus.lab.experiment.RunInfo;
import dev.lynceus.lab.experiment.Summary;
import dev.lynceus.method.Spoken;
import dev.lynceus.method.score.Share;
import java.util.List;
import java.util.Locale;

/// What the commands of `lab` say.
final class LabText {
  private LabText() {}

  /// A run and what it comes to.
  static String shown(LabResult.Shown shown) {
    RunInfo run = shown.run();
    StringBuilder text = new StringBuilder();
    text.append(
        "%s: %s over %s with %s%n".formatted(run.id(), run.method(), run.data(), run.model()));
    text.append(state(run)).append('\n');
    for (FailedRow row : shown.failedRows()) {
      text.append("  failed: ").append(row.error()).append('\n');
    }
    if (!run.settings().isEmpty()) {
      text.append("settings: ");
      text.append(
          String.join(
              ", ",
              run.settings().entrySet().stream()
                  .map(one ->
                      one.getKey() + "=" + (one.getValue().isEmpty() ? "not set" : one.getValue()))
                  .toList()));
      text.append('\n');
    }
    if (!run.selection().isEmpty()) {
      text.append("rows: ").append(run.selection()).append('\n');
    }
    if (!shown.summary().isEmpty()) {
      text.append('\n').append(summary(shown.summary()));
    }
    return text.append("\ntables: ").append(shown.folder()).append('\n').toString();
  }

  private static String state(RunInfo run) {
    String failed = run.failed() == 0 ? "" : ", %d failed".formatted(run.failed());
    String rate =
        run.seconds() > 0 && run.done() > 0
            ? String.format(Locale.ROOT, ", %.1f rows a second", run.done() / run.seconds())
            : "";
    return "%s: %d of %d rows%s%s"
        .formatted(run.state().word(), run.done(), run.total(), failed, rate);
  }

  private static String summary(List<Summary.Line> lines) {
    TextTable table = new TextTable();
    table.row("metric", "kind", "mean [95 %]", "rows", "pictures");
    for (Summary.Line line : lines) {
      table.row(
          line.metric(),
          line.kind(),
          Double.isNaN(line.mean().low()) ? line.mean().text() + " [-]" : line.mean().text(),
          Integer.toString(line.rows()),
          Integer.toString(line.pictures()));
    }
    return table.toString();
  }

  /// All runs.
  static String listed(LabResult.Listed listed) {
    if (listed.runs().isEmpty()) {
      return "no runs in %s; begin one with lynceus lab run answer world%n"
          .formatted(listed.store());
    }
    TextTable table = new TextTable();
    table.row("run", "name", "model", "data", "state", "rows", "failed", "right", "begun");
    for (RunInfo run : listed.runs()) {
      table.row(
          run.id(),
          run.name().isEmpty() ? "-" : run.name(),
          run.model(),
          run.data(),
          run.state().word(),
          run.done() + " of " + run.total(),
          Integer.toString(run.failed()),
          run.judged() == 0 ? "-" : "%d of %d".formatted(run.correct(), run.judged()),
          run.startedAt());
    }
    return table.toString();
  }

  /// Two runs beside each other.
  static String beside(LabResult.Beside beside) {
    TextTable table = new TextTable();
    table.row("metric", "kind", "first", "second", "difference [95 %]", "rows", "p", "p (Holm)");
    for (Compared.Line line : beside.lines()) {
      table.row(
          line.metric(),
          line.kind(),
          Share.plain(line.first()),
          Share.plain(line.second()),
          line.difference().text(),
          Integer.toString(line.rows()),
          chance(line.p()),
          chance(line.holm()));
    }
    return "first:  %s%nsecond: %s%n%n%s%n%s"
        .formatted(about(beside.first()), about(beside.second()), table, inShort(beside));
  }

  /// What the comparison comes to, and what it leaves out.
  private static String inShort(LabResult.Beside beside) {
    StringBuilder text = new StringBuilder();
    List<String> shown =
        beside.lines().stream()
            .filter(line -> line.holm() < SURE)
            .map(line ->
                "%s%s (%s)"
                    .formatted(
                        line.metric(),
                        line.kind().equals(Summary.ALL) ? "" : " of " + line.kind(),
                        Spoken.signed(line.difference().value())))
            .toList();
    text.append(
        shown.isEmpty()
            ? "No difference is shown: every p (Holm) is 0.05 or more.\n"
            : "The second differs from the first in %s.%n".formatted(String.join(", ", shown)));
    beside.lines().stream()
        .filter(line -> line.least() >= SURE)
        .findFirst()
        .ifPresent(line ->
            text.append(
                "With %d pictures p is %s at least, whatever the difference: take more pictures.%n"
                    .formatted(line.pictures(), chance(line.least()))));
    beside
        .same()
        .forEach((metric, other) ->
            text.append(
                "%s is the same number as %s in every row, and is told once.%n"
                    .formatted(metric, other)));
    if (beside.onlyFirst() + beside.onlySecond() > 0) {
      text.append(
          "Left out: %d rows that the first alone measured, %d that the second alone did.%n"
              .formatted(beside.onlyFirst(), beside.onlySecond()));
    }
    return text.toString();
  }

  private static final double SURE = 0.05;

  /// Four places: the smallest that there is is 0.0002.
  private static String chance(double p) {
    return String.format(Locale.ROOT, "%.4f", p);
  }

  private static String about(RunInfo run) {
    return "%s, %s with %s over %s".formatted(run.id(), run.method(), run.model(), run.data());
  }

  /// An answer of SQL.
  static String asked(LabResult.Asked asked) {
    TextTable table = new TextTable();
    table.row(asked.columns());
    for (List<String> row : asked.rows()) {
      table.row(row.stream().map(cell -> cell == null ? "" : cell).toList());
    }
    return table.toString();
  }
}
