package dev.lynceus.cli;

import dev.lynceus.lab.measure.Scenes;
import dev.lynceus.lab.measure.VerdictPage;
import dev.lynceus.lab.measure.VerdictReport;
import dev.lynceus.lab.measure.VerdictStudy;
import dev.lynceus.method.evidence.InternalConfidence;
import dev.lynceus.run.LoadedModel;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus pupil verdict`: what the verdicts of evidence are worth.
@Command(
    name = "verdict",
    header = "Measure how well scores of evidence tell right words from wrong ones.",
    sortOptions = false)
final class PupilVerdictCommand implements Callable<Integer> {
  private static final String PAGE = "lynceus-verdict.html";

  private final Console console;

  @Mixin ModelOptions model = new ModelOptions();

  @Option(
      names = "--scenes",
      defaultValue = "400",
      paramLabel = "N",
      description = "How many scenes are measured on. Default: ${DEFAULT-VALUE}.")
  int scenes;

  @Option(
      names = "--calibration-scenes",
      defaultValue = "250",
      paramLabel = "N",
      description = "How many scenes the thresholds are chosen on. Default: ${DEFAULT-VALUE}.")
  int calibrationScenes;

  @Option(
      names = "--calibration-seed",
      defaultValue = "71",
      paramLabel = "N",
      description = "Which sequence they are from. Default: ${DEFAULT-VALUE}.")
  long calibrationSeed;

  @Option(
      names = "--reading",
      defaultValue = "normed",
      paramLabel = "HOW",
      description = "normed or compatible; see evidence. Default: ${DEFAULT-VALUE}.")
  String reading = "normed";

  @Written(Written.As.FILE)
  @Option(
      names = "--thresholds",
      paramLabel = "FILE",
      description = "Also write the thresholds to FILE, for evidence.")
  @Nullable String thresholds;

  @Mixin PupilOptions pupil = new PupilOptions();

  @Mixin PageOptions result = new PageOptions();

  @Mixin CommonOptions common = new CommonOptions();

  PupilVerdictCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Scenes calibration =
        new Scenes(calibrationSeed, PupilOptions.scenes("--calibration-scenes", calibrationScenes));
    Scenes heldOut = new Scenes(pupil.seed, PupilOptions.scenes("--scenes", scenes));
    InternalConfidence.Reading how = InternalConfidence.Reading.parse(reading);
    OutputFile page = result.page(PAGE, console);
    OutputFile limits =
        thresholds == null ? null : OutputFile.checked(thresholds, result.force, console);
    VerdictReport report;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel loaded = model.load(progress)) {
      report = new VerdictStudy(loaded, how, progress).measure(calibration, heldOut);
    }
    if (page != null) {
      page.write(VerdictPage.html(report, console.commandLine()));
    }
    if (limits != null) {
      limits.write(ResultOptions.json(report.thresholds()) + "\n");
    }
    console
        .out()
        .print(result.json ? ResultOptions.json(console, report) + "\n" : VerdictText.of(report));
    if (page != null && !result.json) {
      console.out().println("page: " + page.path());
    }
    console.out().flush();
    return 0;
  }
}
