package dev.lynceus.cli;

import dev.lynceus.lab.measure.Findings;
import dev.lynceus.lab.measure.FindingsPage;
import dev.lynceus.lab.measure.FindingsReport;
import dev.lynceus.run.LoadedModel;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus pupil findings`: whether what was found out about large models holds for this one.
@Command(
    name = "findings",
    header = "Measure whether findings about large models hold, and write one page about it.",
    sortOptions = false)
final class PupilFindingsCommand implements Callable<Integer> {
  private static final String PAGE = "lynceus-findings.html";

  private final Console console;

  @Mixin ModelOptions model = new ModelOptions();

  @Option(
      names = "--base",
      defaultValue = "pupil-base",
      paramLabel = "MODEL",
      description =
          "The text-only model that was tuned to become MODEL. Default: ${DEFAULT-VALUE}.")
  String base = "pupil-base";

  @Option(
      names = "--scenes",
      defaultValue = "500",
      paramLabel = "N",
      description = "How many scenes, of 2 to 4 objects. Default: ${DEFAULT-VALUE}.")
  int scenes;

  @Mixin PupilOptions pupil = new PupilOptions();

  @Mixin PageOptions result = new PageOptions();

  @Mixin CommonOptions common = new CommonOptions();

  PupilFindingsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    int count = PupilOptions.scenes("--scenes", scenes);
    long seed = pupil.seed;
    OutputFile file = result.page(PAGE, console);
    FindingsReport report;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel loaded = model.load(progress);
        LoadedModel loadedBase = model.named(base).load(progress)) {
      report = new Findings(loaded, loadedBase, seed, progress).measure(count);
    }
    if (file != null) {
      file.write(FindingsPage.html(report, console.commandLine()));
    }
    console
        .out()
        .print(
            result.json ? ResultOptions.json(console, report) + "\n" : PupilText.findings(report));
    if (file != null && !result.json) {
      console.out().println("page: " + file.path());
    }
    console.out().flush();
    return 0;
  }
}
