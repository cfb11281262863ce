package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageFileReader;
import dev.lynceus.method.Explanation.Word;
import dev.lynceus.method.NeuronComparison;
import dev.lynceus.method.NeuronComparison.Change;
import dev.lynceus.method.NeuronComparison.Side;
import dev.lynceus.method.RowTrace;
import dev.lynceus.method.Spoken;
import dev.lynceus.method.Target.Aim;
import dev.lynceus.method.Words;
import dev.lynceus.method.attention.HeadRef;
import dev.lynceus.method.causal.Replacement;
import dev.lynceus.model.Picture;
import dev.lynceus.report.NeuronFigure;
import dev.lynceus.request.Measuring;
import dev.lynceus.run.Batch;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tensor.file.InputFile;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
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
    OutputFile drawn = figure == null ? null : OutputFile.checked(figure, result.force, console);
    Result found;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel model = models.load(progress)) {
      List<Picture> pictures = asked.pictures(model);
      Measuring measured =
          Measuring.of(
              model,
              arguments.prompt(model, asked, pictures, progress),
              word.measure(null),
              arguments.start);
      Prompt prompt = arguments.prompt(model, asked.question(), measured.start(), pictures);
      progress.at("neurons", 0, 0);
      try (Run run = run(model, prompt, List.of())) {
        int id = measured.id().orElseGet(() -> run.logits().argmax(-1).toInts()[0]);
        Words words = new Words(model.tokenizer());
        List<Change> changes = compare(model, run, asked, measured.start(), id);
        String target = words.text(id).strip();
        found =
            new Result(
                model.name(),
                model.checkpoint().version(),
                model.computeType().toString(),
                asked.question(),
                measured.start(),
                target,
                id,
                compared(),
                console.commandLine(),
                NeuronComparison.conclusion(changes, target, compared()),
                changes);
      }
    }
    if (drawn != null) {
      drawn.write(NeuronFigure.svg(found.target(), found.compared(), found.neurons()));
    }
    Result told = found;
    result.give(console, () -> text(told), () -> told);
    return 0;
  }

  private String compared() {
    if (!without.isEmpty()) {
      return "without head " + String.join(", ", without);
    }
    if (other != null) {
      return "about " + other;
    }
    return replace != null ? "with " + replace : "for " + against;
  }

  private static Run run(LoadedModel model, Prompt prompt, List<Intervention> changes) {
    return model.run(
        Batch.of(prompt),
        RowTrace.plan(model.model().decoder().config(), prompt.length() - 1),
        changes);
  }

  private List<Change> compare(
      LoadedModel model, Run run, QuestionArguments.Asked asked, String start, int id) {
    Side own = new Side(run, aim(run, id));
    if (against != null) {
      int second = model.tokenizer().wordIds(against).getFirst();
      return NeuronComparison.of(own, new Side(run, aim(run, second)), count, 5);
    }
    List<Picture> pictures = new ArrayList<>(asked.pictures(model));
    String question = asked.question();
    String begins = start;
    if (other != null) {
      pictures.set(
          0, model.picture(other, new ImageFileReader().read(InputFile.PICTURE.path(other))));
    }
    if (replace != null) {
      Replacement words = Replacement.parse(replace);
      question = words.in(question);
      begins = words.isIn(start) ? words.in(start) : start;
    }
    List<Intervention> changes = new ArrayList<>();
    for (String name : without) {
      var head = HeadRef.parse(name);
      changes.add(Intervention.at(Point.Z, head.layer(), new Op.Zero()).heads(head.head()));
    }
    try (Run second = run(model, arguments.prompt(model, question, begins, pictures), changes)) {
      return NeuronComparison.of(own, new Side(second, aim(second, id)), count, 5);
    }
  }

  private static Aim aim(Run run, int id) {
    return new Aim(run.batch().length() - 1, id, OptionalInt.empty());
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
