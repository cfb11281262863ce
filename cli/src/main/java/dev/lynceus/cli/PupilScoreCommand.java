package dev.lynceus.cli;

import dev.lynceus.method.map.PatchMethod;
import dev.lynceus.pupil.measure.ScoreReport;
import dev.lynceus.pupil.measure.Scoring;
import dev.lynceus.run.LoadedModel;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus pupil score`: how well explanations agree with the truth.
@Command(
    name = "score",
    header = "Score explanations against the object that was asked about.",
    sortOptions = false)
final class PupilScoreCommand implements Callable<Integer> {
  private final Console console;

  @Mixin ModelOptions model = new ModelOptions();

  @Option(
      names = "--method",
      defaultValue = "all",
      paramLabel = "NAME",
      description = {
        "A method that maps patches, such as log-increase or relevancy; several with commas, or all.",
        "Default: ${DEFAULT-VALUE}."
      })
  String method = "all";

  @Option(
      names = "--scenes",
      defaultValue = "500",
      paramLabel = "N",
      description = "How many scenes, of 2 to 4 objects. Default: ${DEFAULT-VALUE}.")
  int scenes;

  @Mixin PupilOptions pupil = new PupilOptions();
  @Mixin ResultOptions result = new ResultOptions();
  @Mixin CommonOptions common = new CommonOptions();

  PupilScoreCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    int count = PupilOptions.scenes("--scenes", scenes);
    long seed = pupil.seed;
    List<PatchMethod> methods = PatchMethod.named(method);
    ScoreReport report;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel loaded = model.load(progress)) {
      report = new Scoring(loaded, methods, seed, progress).measure(count);
    }
    result.give(console, () -> PupilText.score(report), () -> report);
    return 0;
  }
}
