package dev.lynceus.cli;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.words.VmHead;
import dev.lynceus.method.words.VmHeadFit;
import dev.lynceus.run.LoadedModel;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus tune-words`: fits a head for visual words.
@Command(
    name = "tune-words",
    header = "Fit a head that says in words what a model expects in the place of patches.",
    description = {
      "",
      "The head learns what the frozen decoder predicts at the position before each patch, on the bundled",
      "model's world or on questions about your pictures (--dataset), and is tried on others. Use the file",
      "with `words --head FILE`.",
      ""
    },
    sortOptions = false)
final class TuneWordsCommand implements Callable<Integer> {
  private final Console console;

  @Written(Written.As.FILE)
  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "FILE",
      description = "The head, as safetensors with vm_head.weight.")
  String output = "";

  @Option(
      names = "--dataset",
      paramLabel = "FILE",
      description = "Questions about pictures to fit on, as for compare.")
  @Nullable String dataset;

  @Option(
      names = "--scenes",
      defaultValue = "400",
      paramLabel = "N",
      description = "Without a data set: scenes of the world. Default: ${DEFAULT-VALUE}.")
  int scenes;

  @Option(
      names = "--held-out",
      defaultValue = "100",
      paramLabel = "N",
      description = {
        "What the head is tried on: scenes of another sequence, or the last N rows.",
        "Default: ${DEFAULT-VALUE}, of rows at most a fifth."
      })
  int heldOut;

  @Option(
      names = "--steps",
      defaultValue = "1000",
      paramLabel = "N",
      description = "Steps, one picture each. Default: ${DEFAULT-VALUE}.")
  int steps;

  @Option(
      names = "--rate",
      defaultValue = "0.003",
      paramLabel = "R",
      description = "Learning rate of the first step. Default: ${DEFAULT-VALUE}.")
  double rate;

  @Option(
      names = "--seed",
      defaultValue = "0",
      paramLabel = "N",
      description = "Of the order. Default: ${DEFAULT-VALUE}.")
  long seed;

  @Mixin DatasetOptions datasets = new DatasetOptions();
  @Mixin ModelOptions models = new ModelOptions();

  @Option(names = "--force", description = "Replace FILE even if Lynceus did not write it.")
  boolean force;

  @Option(names = "--json", description = "What is left as JSON on stdout.")
  boolean json;

  @Mixin CommonOptions common = new CommonOptions();

  TuneWordsCommand(Console console) {
    this.console = console;
  }

  /// What is left.
  ///
  /// @param fittedOn pictures
  /// @param triedOn other pictures
  /// @param head the file
  /// @param fit how well it says what the decoder predicts on those
  record Result(int fittedOn, int triedOn, String head, VmHeadFit.Fit fit) {}

  @Override
  public Integer call() {
    VmHeadFit fit = new VmHeadFit(steps, rate, seed);
    OutputFile file = OutputFile.checked(output, force, console);
    Result found;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel model = models.load(progress)) {
      FitData data = data(model);
      try (VmHead head = fit.fit(model, data.some(), progress)) {
        head.save(file.path());
        found =
            new Result(
                data.some().size(),
                data.others().size(),
                output,
                VmHeadFit.tried(model, head, data.others(), progress));
      }
    }
    console.out().print(json ? ResultOptions.json(console, found) + "\n" : text(found));
    console.out().flush();
    return 0;
  }

  private FitData data(LoadedModel model) {
    return dataset == null
        ? FitData.world(model, seed, scenes, heldOut)
        : FitData.of(FitData.questions(model, dataset, datasets, console), heldOut, "rows", "head");
  }

  private static String text(Result found) {
    VmHeadFit.Fit fit = found.fit();
    return """
    fitted on %d pictures, tried on %d others: %s nats are left of what the decoder predicts there
    perplexity of its predictions: %s under the head, %s under their own mean, %s under even words;
    their own is %s
    head: %s
    """
        .formatted(
            found.fittedOn(),
            found.triedOn(),
            Spoken.number(fit.divergence()),
            Spoken.number(fit.perplexity()),
            Spoken.number(fit.unigram()),
            Spoken.number(fit.uniform()),
            Spoken.number(Math.exp(fit.entropy())),
            found.head());
  }
}
