package dev.lynceus.cli;

import dev.lynceus.lab.measure.Accuracy;
import dev.lynceus.lab.measure.AccuracyReport;
import dev.lynceus.run.LoadedModel;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus pupil accuracy`: how often a model answers right.
@Command(
    name = "accuracy",
    header = "Ask about scenes that the model never saw, and count right answers.",
    sortOptions = false)
final class PupilAccuracyCommand implements Callable<Integer> {
  private final Console console;

  @Mixin ModelOptions model = new ModelOptions();

  @Option(
      names = "--base",
      defaultValue = "none",
      paramLabel = "MODEL",
      description = "Its text-only base, asked about texts, or none. Default: ${DEFAULT-VALUE}.")
  String base = "none";

  @Option(
      names = "--scenes",
      defaultValue = "2000",
      paramLabel = "N",
      description =
          "How many pictures; the other splits have half as many. Default: ${DEFAULT-VALUE}.")
  int scenes;

  @Mixin PupilOptions pupil = new PupilOptions();
  @Mixin ResultOptions result = new ResultOptions();
  @Mixin CommonOptions common = new CommonOptions();

  PupilAccuracyCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    int count = PupilOptions.scenes("--scenes", scenes);
    long seed = pupil.seed;
    AccuracyReport report;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel loaded = model.load(progress);
        LoadedModel loadedBase = base(progress)) {
      report = new Accuracy(loaded, loadedBase, seed, progress).measure(count);
    }
    result.give(console, () -> PupilText.accuracy(report), () -> report);
    return 0;
  }

  private @Nullable LoadedModel base(ProgressLine progress) {
    return base.equals("none") ? null : model.named(base).load(progress);
  }
}
