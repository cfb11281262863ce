package dev.lynceus.cli;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.lens.TunedLens;
import dev.lynceus.method.lens.TunedLensFit;
import dev.lynceus.report.LensFigure;
import dev.lynceus.run.LoadedModel;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus tune-lens`: fits a tuned lens.
@Command(
    name = "tune-lens",
    header = "Fit a tuned lens: a map for each layer that makes its states readable.",
    description = {
      "",
      "Fits on the bundled model's world, or on your texts (--texts, --dataset), and tells what is",
      "left on others. Use the file with `lens --lens tuned=FILE`.",
      ""
    },
    sortOptions = false)
final class TuneLensCommand implements Callable<Integer> {
  private final Console console;

  @Written(Written.As.FILE)
  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "FILE",
      description = "The lens, as safetensors.")
  String output = "";

  @Option(
      names = "--texts",
      paramLabel = "FILE",
      description = "Texts to fit on, one a line, without chat template.")
  @Nullable String texts;

  @Option(
      names = "--dataset",
      paramLabel = "FILE",
      description = "Questions about pictures to fit on, as for compare.")
  @Nullable String dataset;

  @Option(
      names = "--scenes",
      defaultValue = "2000",
      paramLabel = "N",
      description = "Without texts: scenes of the world, with answers. Default: ${DEFAULT-VALUE}.")
  int scenes;

  @Option(
      names = "--held-out",
      defaultValue = "200",
      paramLabel = "N",
      description = {
        "What the lens is tried on: scenes of another sequence, or the last N texts.",
        "Default: ${DEFAULT-VALUE}, of texts at most a fifth."
      })
  int heldOut;

  @Option(
      names = "--steps",
      defaultValue = "2000",
      paramLabel = "N",
      description = "Steps, one text each. Default: ${DEFAULT-VALUE}.")
  int steps;

  @Option(
      names = "--rate",
      defaultValue = "0.001",
      paramLabel = "R",
      description = "Learning rate of the first step. Default: ${DEFAULT-VALUE}.")
  double rate;

  @Option(
      names = "--positions",
      defaultValue = "all",
      paramLabel = "WHICH",
      description = "Positions that are read. Default: ${DEFAULT-VALUE}.")
  String positions = "all";

  @Option(
      names = "--seed",
      defaultValue = "0",
      paramLabel = "N",
      description = "Of the order. Default: ${DEFAULT-VALUE}.")
  long seed;

  @Written(Written.As.FILE)
  @Option(names = "--figure", paramLabel = "FILE", description = "Draw what is left, as SVG.")
  @Nullable String figure;

  @Mixin DatasetOptions datasets = new DatasetOptions();

  @Mixin ModelOptions models = new ModelOptions();

  @Option(names = "--force", description = "Replace files even if Lynceus did not write them.")
  boolean force;

  @Option(names = "--json", description = "What is left as JSON on stdout.")
  boolean json;

  @Mixin CommonOptions common = new CommonOptions();

  TuneLensCommand(Console console) {
    this.console = console;
  }

  /// What is left.
  ///
  /// @param fittedOn texts
  /// @param triedOn other texts
  /// @param logit divergence of the logit lens for each depth, nats
  /// @param tuned that of the fitted lens
  // Plain numbers of a result; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  record Result(
      String model, int fittedOn, int triedOn, String lens, double[] logit, double[] tuned) {}

  @Override
  public Integer call() {
    FitData.exclusive(texts, dataset);
    TunedLensFit fit = new TunedLensFit(steps, rate, positions, 256, seed);
    OutputFile file = OutputFile.checked(output, force, console);
    OutputFile drawn = figure == null ? null : OutputFile.checked(figure, force, console);
    Result found;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel model = models.load(progress)) {
      FitData data = data(model);
      try (TunedLens none = TunedLens.identity(model);
          TunedLens lens = fit.fit(model, data.some(), progress)) {
        lens.save(file.path());
        found =
            new Result(
                model.name(),
                data.some().size(),
                data.others().size(),
                output,
                fit.divergence(model, none, data.others(), progress),
                fit.divergence(model, lens, data.others(), progress));
      }
    }
    if (drawn != null) {
      drawn.write(LensFigure.svg(found.logit(), found.tuned()));
    }
    console.out().print(json ? ResultOptions.json(console, found) + "\n" : text(found));
    console.out().flush();
    return 0;
  }

  private FitData data(LoadedModel model) {
    if (texts == null && dataset == null) {
      return FitData.world(model, seed, scenes, heldOut);
    }
    return FitData.of(
        FitData.textsOrQuestions(model, texts, dataset, datasets, console),
        heldOut,
        "texts",
        "lens");
  }

  private static String text(Result found) {
    TextTable table = new TextTable().row("depth", "logit lens", "tuned lens");
    for (int depth = 0; depth < found.logit().length; depth++) {
      table.row(
          Spoken.depth(depth),
          Spoken.number(found.logit()[depth]),
          Spoken.number(found.tuned()[depth]));
    }
    return "divergence from the model's next word, nats, on %d texts that were not fitted on%n%n"
            .formatted(found.triedOn())
        + table
        + "\nlens: "
        + found.lens()
        + "\n";
  }
}
