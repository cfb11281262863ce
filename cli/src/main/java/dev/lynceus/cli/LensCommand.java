package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.LogitLens;
import dev.lynceus.method.lens.LensGrid;
import dev.lynceus.request.LensRequest;
import dev.lynceus.request.Running;
import dev.lynceus.request.Task;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.tensor.file.InputFile;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus lens`: the logit lens, layer by layer, at chosen positions of the prompt.
@Command(
    name = "lens",
    header = "Read words at every layer of chosen positions (logit lens).",
    description = {
      "",
      "From the embedding, which enters the first layer, to what leaves the last. A word is what",
      "the unembedding reads there; that a word can be read does not show that the model uses it.",
      ""
    },
    sortOptions = false)
final class LensCommand implements Callable<Integer> {
  private static final String TUNED = "tuned=";

  private final Console console;

  @Mixin QuestionArguments arguments = new QuestionArguments();

  @Option(
      names = "--positions",
      paramLabel = "WHICH",
      description = {
        "all, last, a number, 5:21, 3,5,8, or a label: image, image[0].row[3].col[7], question.",
        "May be given several times. Default: last."
      })
  List<String> positions = List.of("last");

  @Option(
      names = "--norm",
      defaultValue = "own",
      paramLabel = "HOW",
      description = {
        "How a state is scaled before the unembedding: own, by its own norm; frozen, by the last",
        "layer's at that position; none. Default: ${DEFAULT-VALUE}."
      })
  String norm = "own";

  @Option(
      names = "--lens",
      defaultValue = "logit",
      paramLabel = "KIND",
      description = {
        "logit, the bare state; tuned=FILE, through the maps that `tune-lens` fitted.",
        "Default: ${DEFAULT-VALUE}."
      })
  String kind = "logit";

  @Option(
      names = "--top",
      defaultValue = "0",
      paramLabel = "N",
      description = "Words in a cell. Default: 5 for one position, else 1.")
  int top;

  @Option(
      names = "--budget",
      defaultValue = "4096",
      paramLabel = "MIB",
      description = "Most memory for kept activations, in MiB. Default: ${DEFAULT-VALUE}.")
  long budget;

  @Mixin ModelOptions models = new ModelOptions();
  @Mixin ResultOptions result = new ResultOptions();
  @Mixin RequestOptions written = new RequestOptions();
  @Mixin CommonOptions common = new CommonOptions();

  LensCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    QuestionArguments.Asked asked = arguments.read();
    if (top < 0) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, "--top " + top + " words", "Ask for at least one word.");
    }
    LensRequest request =
        new LensRequest(
            models.spec(),
            arguments.question(asked),
            positions,
            LogitLens.Normalization.parse(norm),
            tuned(),
            top,
            (int) budget);
    if (written.wrote(request, result.force, console)) {
      return 0;
    }
    LensGrid grid;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel model = models.load(progress)) {
      Task<LensGrid> task = Task.of(model, request, asked.from());
      task.prompt().outside().forEach(progress::note);
      grid = task.run(Running.QUIET.watched(progress).command(console.commandLine())).value();
    }
    result.give(console, () -> new LensText(grid).text(), () -> grid);
    return 0;
  }

  /// The file of a tuned lens; empty for the logit lens.
  private Optional<String> tuned() {
    if (kind.equals("logit")) {
      return Optional.empty();
    }
    String file = kind.startsWith(TUNED) ? kind.substring(TUNED.length()) : "";
    if (file.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--lens " + kind + " is no kind of lens",
          "Use logit, or tuned=FILE with a file that `lynceus tune-lens` wrote.");
    }
    return Optional.of(InputFile.REQUEST.path(file).toString());
  }
}
