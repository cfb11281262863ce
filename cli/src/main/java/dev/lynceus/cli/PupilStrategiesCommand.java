package dev.lynceus.cli;

import dev.lynceus.lab.contest.Contest;
import dev.lynceus.lab.contest.ContestReport;
import dev.lynceus.method.score.Share;
import dev.lynceus.run.LoadedModel;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus pupil strategies`: strategies of asking beside the direct answer and their controls.
@Command(
    name = "strategies",
    header =
        "Put the same questions in every way: directly, by strategies, and by their controls; kind by"
            + " kind.",
    sortOptions = false)
final class PupilStrategiesCommand implements Callable<Integer> {
  private final Console console;

  @Mixin ModelOptions model = new ModelOptions();

  @Option(
      names = "--scenes",
      defaultValue = "20",
      paramLabel = "N",
      description = "How many scenes of each sequence. Default: ${DEFAULT-VALUE}.")
  int scenes = 20;

  @Option(
      names = "--strategies",
      defaultValue = "all",
      paramLabel = "NAMES",
      description = "With commas: describe, mark, think, vote. Default: ${DEFAULT-VALUE}.")
  String strategies = "all";

  @Option(
      names = "--kinds",
      defaultValue = "all",
      paramLabel = "KINDS",
      description = {
        "Kinds of questions, with commas: colour, which, where, exists, count, same, side; small, of things",
        "in large pictures; unnamed, of one of several things. Default: ${DEFAULT-VALUE}."
      })
  String kinds = "all";

  @Option(
      names = "--seeds",
      defaultValue = "3",
      paramLabel = "N",
      description = "How many sequences of scenes, from --seed on. Default: ${DEFAULT-VALUE}.")
  int seeds = 3;

  @Option(
      names = "--samples",
      defaultValue = "5",
      paramLabel = "N",
      description = "Explanations of each vote. Default: ${DEFAULT-VALUE}.")
  int samples = 5;

  @Option(
      names = "--temperature",
      defaultValue = "1.5",
      paramLabel = "T",
      description = "That they are drawn at. Default: ${DEFAULT-VALUE}.")
  double temperature = 1.5;

  @Mixin PupilOptions pupil = new PupilOptions();
  @Mixin ResultOptions result = new ResultOptions();
  @Mixin CommonOptions common = new CommonOptions();

  PupilStrategiesCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    int count = PupilOptions.scenes("--scenes", scenes);
    ContestReport report;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel loaded = model.load(progress)) {
      report =
          new Contest(
                  loaded,
                  named(strategies, Contest.STRATEGIES),
                  named(kinds, Contest.KINDS),
                  count,
                  pupil.seed,
                  seeds,
                  samples,
                  temperature,
                  progress)
              .hold();
    }
    result.give(console, () -> text(report), () -> report);
    return 0;
  }

  private static List<String> named(String list, List<String> all) {
    return list.equals("all")
        ? all
        : Arrays.stream(list.split(",", -1)).map(String::strip).distinct().toList();
  }

  private static String text(ContestReport report) {
    StringBuilder text =
        new StringBuilder(
            ("%s, %d scenes of each of the seeds %s; %d explanations at temperature %s; right answers"
                    + " with 95 %% intervals over pictures%n")
                .formatted(
                    report.model(),
                    report.scenes(),
                    report.seeds().stream().map(String::valueOf).collect(Collectors.joining(", ")),
                    report.samples(),
                    report.temperature()));
    TextTable what = new TextTable();
    report.contenders().forEach(one -> what.row(one.name(), one.what()));
    text.append('\n').append(what);
    for (ContestReport.Kind kind : report.kinds()) {
      text.append(
          "%n%s: %s; %d questions, by chance %s%n%n"
              .formatted(kind.name(), kind.what(), kind.questions(), Share.plain(kind.chance())));
      text.append(cells(report, kind.name())).append('\n').append(differences(report, kind.name()));
    }
    return text.toString();
  }

  private static TextTable cells(ContestReport report, String kind) {
    TextTable table = new TextTable().row("", "right", "n", "by seed");
    report.cells().stream()
        .filter(cell -> cell.kind().equals(kind))
        .forEach(cell ->
            table.row(
                cell.contender(),
                cell.right().text(),
                Integer.toString(cell.questions()),
                cell.bySeed().stream().map(Share::plain).collect(Collectors.joining(" "))));
    return table;
  }

  private static TextTable differences(ContestReport report, String kind) {
    TextTable table =
        new TextTable().row("strategy", "less", "difference", "n", "p", "p (Holm)", "");
    List<ContestReport.Difference> own =
        report.differences().stream().filter(one -> one.kind().equals(kind)).toList();
    own.forEach(one ->
        table.row(
            one.strategy(),
            one.against(),
            one.difference().text(),
            Integer.toString(one.questions()),
            Share.plain(one.p()),
            Share.plain(one.holm()),
            one.shown() ? one.difference().value() > 0 ? "better" : "worse" : ""));
    return table;
  }
}
