package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.measure.ProbePage;
import dev.lynceus.lab.measure.ProbeReport;
import dev.lynceus.lab.measure.ProbeStudy;
import dev.lynceus.lab.measure.Scenes;
import dev.lynceus.method.probe.LinearProbe;
import dev.lynceus.method.score.Share;
import dev.lynceus.run.LoadedModel;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus pupil probe`: what linear probes read out of states.
@Command(
    name = "probe",
    header = "Read colour, kind, place and number out of states by linear probes.",
    sortOptions = false)
final class PupilProbeCommand implements Callable<Integer> {
  private static final String PAGE = "lynceus-probe.html";

  private final Console console;

  @Mixin ModelOptions model = new ModelOptions();

  @Option(
      names = "--scenes",
      defaultValue = "1000",
      paramLabel = "N",
      description = "How many scenes probes are tried on. Default: ${DEFAULT-VALUE}.")
  int scenes;

  @Option(
      names = "--train-scenes",
      defaultValue = "2000",
      paramLabel = "N",
      description = "How many scenes they are fitted on. Default: ${DEFAULT-VALUE}.")
  int trainScenes;

  @Option(
      names = "--train-seed",
      defaultValue = "72",
      paramLabel = "N",
      description = "Which sequence these are from. Default: ${DEFAULT-VALUE}.")
  long trainSeed;

  @Option(
      names = "--penalty",
      paramLabel = "P",
      description = "Penalty of squared weights, a case. Default: 0.01.")
  double penalty = LinearProbe.PENALTY;

  @Mixin PupilOptions pupil = new PupilOptions();

  @Mixin PageOptions result = new PageOptions();

  @Mixin CommonOptions common = new CommonOptions();

  PupilProbeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (!(penalty > 0) || Double.isInfinite(penalty)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--penalty " + penalty + " fits no probe",
          "Give a number above 0, for example 0.01.");
    }
    Scenes train = new Scenes(trainSeed, PupilOptions.scenes("--train-scenes", trainScenes));
    Scenes heldOut = new Scenes(pupil.seed, PupilOptions.scenes("--scenes", scenes));
    OutputFile page = result.page(PAGE, console);
    ProbeReport report;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel loaded = model.load(progress)) {
      report = new ProbeStudy(loaded, penalty, progress).measure(train, heldOut);
    }
    if (page != null) {
      page.write(ProbePage.html(report, console.commandLine()));
    }
    result.give(console, page, () -> text(report), report);
    return 0;
  }

  private static String text(ProbeReport report) {
    TextTable table =
        new TextTable().row("what", "where", "depth", "read right", "shuffled", "most frequent");
    for (ProbeReport.Row row : report.rows()) {
      table.row(
          row.depth() == 0 ? row.attribute().words() : "",
          row.depth() == 0 ? row.where().words() : "",
          Integer.toString(row.depth()),
          row.right().text(),
          Share.plain(row.shuffled().share()),
          Share.plain(row.most()));
    }
    return table.toString();
  }
}
