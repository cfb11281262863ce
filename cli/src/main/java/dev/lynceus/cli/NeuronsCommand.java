package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageFileReader;
import dev.lynceus.image.RgbImage;
import dev.lynceus.method.Explanation.Word;
import dev.lynceus.method.NeuronComparison.Change;
import dev.lynceus.method.Spoken;
import dev.lynceus.method.attention.HeadRef;
import dev.lynceus.report.NeuronFigure;
import dev.lynceus.request.ComparedNeurons;
import dev.lynceus.request.NeuronsRequest;
import dev.lynceus.request.PictureRef;
import dev.lynceus.request.Pictures;
import dev.lynceus.request.Running;
import dev.lynceus.request.Task;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.tensor.file.InputFile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus neurons`: comparative neuron analysis.
@Command(
    name = "neurons",
    header = "Find the neurons that differ most between two runs, or between two answers.",
    description = {
      "",
      "Compares with the model without heads, another picture, another question, or another answer.",
      "What is measured is chosen as for trace.",
      ""
    },
    sortOptions = false)
final class NeuronsCommand implements Callable<Integer> {
  private final Console console;

  @Mixin QuestionArguments arguments = new QuestionArguments();
  @Mixin WordOptions word = new WordOptions();

  @Option(
      names = "--without",
      paramLabel = "L.H",
      description = "Compare with the model without this head. May be given several times.")
  List<String> without = List.of();

  @Option(
      names = "--other",
      paramLabel = "IMAGE",
      description = "Compare with another picture in the place of the first one.")
  @Nullable String other;

  @Option(
      names = "--replace",
      paramLabel = "WORD=WORD",
      description = "Compare with a question that has another word.")
  @Nullable String replace;

  @Option(
      names = "--against",
      paramLabel = "WORD",
      description = "Compare with another answer: what raises the target, and what WORD.")
  @Nullable String against;

  @Option(
      names = "--neurons",
      defaultValue = "20",
      paramLabel = "N",
      description = "How many are told. Default: ${DEFAULT-VALUE}.")
  int count;

  @Written(Written.As.FILE)
  @Option(names = "--figure", paramLabel = "FILE", description = "Also draw them as SVG.")
  @Nullable String figure;

  @Mixin ModelOptions models = new ModelOptions();
  @Mixin ResultOptions result = new ResultOptions();
  @Mixin RequestOptions written = new RequestOptions();
  @Mixin CommonOptions common = new CommonOptions();

  NeuronsCommand(Console console) {
    this.console = console;
  }

  /// What is told.
  ///
  /// @param start what the answer said before
  /// @param compared with what
  /// @param conclusion what that shows, in a sentence
  record Result(
      String model,
      String revision,
      String dtype,
      String question,
      String start,
      String target,
      int targetId,
      String compared,
      String command,
      String conclusion,
      List<Change> neurons) {}

  @Override
  public Integer call() {
    long ways =
        Stream.of(without.isEmpty() ? null : "", other, replace, against)
            .filter(way -> way != null)
            .count();
    if (ways != 1 || count < 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          count < 1 ? count + " neurons" : "what to compare with is not one thing",
          count < 1 ? "Use 1 or more." : "Give one of --without, --other, --replace, --against.");
    }
    QuestionArguments.Asked asked = arguments.read();
    NeuronsRequest request =
        new NeuronsRequest(
            models.spec(), arguments.question(asked), word.measure(null), beside(), count);
    if (written.wrote(request, result.force, console)) {
      return 0;
    }
    Map<PictureRef, RgbImage> known = new HashMap<>(asked.known());
    if (request.beside() instanceof NeuronsRequest.Other(PictureRef picture)) {
      known.put(
          picture,
          new ImageFileReader().read(InputFile.PICTURE.path(Objects.requireNonNull(other))));
    }
    OutputFile drawn = figure == null ? null : OutputFile.checked(figure, result.force, console);
    Result found;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel model = models.load(progress)) {
      Task<ComparedNeurons> task = Task.of(model, request, Pictures.files(known));
      task.prompt().outside().forEach(progress::note);
      ComparedNeurons compared =
          task.run(Running.QUIET.watched(progress).command(console.commandLine())).value();
      found =
          new Result(
              model.name(),
              model.checkpoint().version(),
              model.computeType().toString(),
              asked.question(),
              compared.start(),
              compared.target(),
              compared.targetId(),
              compared.compared(),
              console.commandLine(),
              compared.conclusion(),
              compared.neurons());
    }
    if (drawn != null) {
      drawn.write(NeuronFigure.svg(found.target(), found.compared(), found.neurons()));
    }
    Result told = found;
    result.give(console, () -> text(told), () -> told);
    return 0;
  }

  private NeuronsRequest.Beside beside() {
    if (!without.isEmpty()) {
      return new NeuronsRequest.Without(without.stream().map(HeadRef::parse).toList());
    }
    if (other != null) {
      return new NeuronsRequest.Other(new PictureRef.File(other));
    }
    return replace != null
        ? new NeuronsRequest.Replaced(replace)
        : new NeuronsRequest.Against(Objects.requireNonNull(against));
  }

  private static String text(Result found) {
    StringBuilder text = new StringBuilder("measured: " + found.target());
    if (!found.start().isEmpty()) {
      text.append(", after \"").append(found.start()).append('"');
    }
    text.append('\n').append(found.conclusion());
    text.append("\n\nlog increase of single neurons, nats\n");
    TextTable table =
        new TextTable().row("neuron", "here", found.compared(), "difference", "raises");
    for (Change change : found.neurons()) {
      table.row(
          change.layer() + "." + change.index(),
          Spoken.signed(change.increase()),
          Spoken.signed(change.otherIncrease()),
          Spoken.signed(change.score()),
          change.raises().stream()
              .map(Word::text)
              .map(String::strip)
              .collect(Collectors.joining(" ")));
    }
    return text.append(table).toString();
  }
}
