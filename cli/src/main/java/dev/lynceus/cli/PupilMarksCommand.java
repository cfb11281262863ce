package dev.lynceus.cli;

import dev.lynceus.lab.mark.MarkOperator;
import dev.lynceus.lab.mark.MarkWorld;
import dev.lynceus.lab.mark.MarkWorldReport;
import dev.lynceus.run.LoadedModel;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus pupil marks`: what marks do where the truth is known.
@Command(
    name = "marks",
    header =
        "Measure what marking a thing does to the answer about it, beside other things and places.",
    sortOptions = false)
final class PupilMarksCommand implements Callable<Integer> {
  private final Console console;

  @Mixin ModelOptions model = new ModelOptions();

  @Option(
      names = "--scenes",
      defaultValue = "40",
      paramLabel = "N",
      description = "How many scenes are measured on. Default: ${DEFAULT-VALUE}.")
  int scenes = 40;

  @Option(
      names = "--operator",
      defaultValue = "box,circle,circle-blur,arrow,som,blackout,blur,dim,crop,text-box,crg,api",
      paramLabel = "NAMES",
      description = "Operators, see mark. Default: ${DEFAULT-VALUE}.")
  String operators = "box,circle,circle-blur,arrow,som,blackout,blur,dim,crop,text-box,crg,api";

  @Option(
      names = "--controls",
      defaultValue = "5",
      paramLabel = "N",
      description = "Regions of the same shape beside each thing. Default: ${DEFAULT-VALUE}.")
  int controls = 5;

  @Mixin PupilOptions pupil = new PupilOptions();
  @Mixin ResultOptions result = new ResultOptions();
  @Mixin CommonOptions common = new CommonOptions();

  PupilMarksCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    List<MarkOperator> chosen = MarkOperator.named(operators);
    int count = PupilOptions.scenes("--scenes", scenes);
    MarkWorldReport report;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel loaded = model.load(progress)) {
      report = new MarkWorld(loaded, chosen, controls, progress).measure(count, pupil.seed);
    }
    result.give(console, () -> text(report), () -> report);
    return 0;
  }

  private static String text(MarkWorldReport report) {
    StringBuilder text = new StringBuilder();
    text.append(
        "%d scenes, seed %d, %d controls; change of the log probability of the right answer, nats%n%n"
            .formatted(report.scenes(), report.seed(), report.controls()));
    TextTable effects =
        new TextTable().row("operator", "the thing", "another thing", "elsewhere", "specific");
    TextTable shares =
        new TextTable()
            .row(
                "operator",
                "more than at another thing",
                "less than at background",
                "marked thing's colour",
                "without a mark");
    for (MarkWorldReport.Row row : report.rows()) {
      effects.row(
          row.operator(),
          row.asked().text(),
          row.other().text(),
          row.control().text(),
          row.specificity().text());
      shares.row(
          row.operator(),
          row.beatsOther().text(),
          row.belowBackground().text(),
          row.referred().text(),
          row.unmarked().text());
    }
    text.append(effects).append("\npart of the scenes\n\n").append(shares);
    return text.toString();
  }
}
