package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Finding;
import dev.lynceus.method.attention.AttentionOptions;
import dev.lynceus.method.attention.AttentionResult;
import dev.lynceus.method.attention.HeadRef;
import dev.lynceus.method.attention.ReadingLooks;
import dev.lynceus.method.attention.VisualRedistribution;
import dev.lynceus.report.AttentionFigure;
import dev.lynceus.report.LooksFigure;
import dev.lynceus.request.AttentionRequest;
import dev.lynceus.request.Running;
import dev.lynceus.request.Task;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus attention`: where the rows of an answer look.
@Command(
    name = "attention",
    header = "Show where the heads look while the model answers, what draws attention, and why.",
    description = {
      "",
      "Attention is what a head reads from. What its reading does to the answer, `explain` and the",
      "causal commands tell.",
      ""
    },
    sortOptions = false)
final class AttentionCommand implements Callable<Integer> {
  private final Console console;

  @Mixin QuestionArguments arguments = new QuestionArguments();

  @Option(
      names = "--target",
      paramLabel = "WORD",
      description = "Read the rows that predict this word of the answer. Default: all rows.")
  @Nullable String target;

  @Option(
      names = "--heads",
      defaultValue = "6",
      paramLabel = "N",
      description = {
        "How many heads are told with their maps: those that pay the picture much and look at one",
        "place. Default: ${DEFAULT-VALUE}."
      })
  int heads;

  @Option(
      names = "--head",
      paramLabel = "L.H",
      description = "Tell this head instead. May be given several times.")
  List<String> named = List.of();

  @Option(
      names = "--patches",
      paramLabel = "WHICH",
      description = {
        "Which words read these positions: image[0].row[3].col[7], 5:21, 3,5,8, image."
      })
  @Nullable String patches;

  @Mixin SinkOptions sinks = new SinkOptions();

  @Option(
      names = "--var",
      paramLabel = "P",
      description = {
        "Take the share P, 0 to 1, of what sinks get, give it to the other patches, and tell what",
        "becomes of the answer."
      })
  @Nullable Double share;

  @Option(
      names = "--rho",
      defaultValue = "0.5",
      paramLabel = "R",
      description = {
        "With --var: only in rows of heads that pay patches other than sinks at least R of what they",
        "pay the picture. Default: ${DEFAULT-VALUE}."
      })
  double rho;

  @Option(
      names = "--why",
      paramLabel = "L.H@WHERE",
      description = {
        "Why did the head look there: the score of the first row that is read for this position, by",
        "what earlier layers wrote. WHERE is a position or a label; most is where it looked most."
      })
  @Nullable String why;

  @Mixin AnswerLength length = new AnswerLength();

  @Written(Written.As.FILE)
  @Option(
      names = "--figure",
      paramLabel = "FILE",
      description =
          "Also draw layers and heads, and the heads' maps on the picture, as .svg or .png.")
  @Nullable String figure;

  @Mixin ModelOptions models = new ModelOptions();
  @Mixin ResultOptions result = new ResultOptions();
  @Mixin RequestOptions written = new RequestOptions();
  @Mixin CommonOptions common = new CommonOptions();

  AttentionCommand(Console console) {
    this.console = console;
  }

  /// What becomes JSON.
  record Told(
      String model,
      String revision,
      String dtype,
      String question,
      String command,
      AttentionResult attention) {}

  @Override
  public Integer call() {
    QuestionArguments.Asked asked = arguments.read();
    AttentionRequest request = request(asked);
    // What can be wrong with them is told before the model is loaded.
    AttentionOptions unused = request.options(AnswerLength.USUAL);
    if (written.wrote(request, result.force, console)) {
      return 0;
    }
    OutputFile drawing = drawing();
    Finding found;
    Told told;
    List<BufferedImage> seen;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel model = models.load(progress)) {
      Task<Finding> task = Task.of(model, request, asked.from());
      Prompt prompt = task.prompt();
      prompt.outside().forEach(progress::note);
      seen =
          model.views(task.pictures()).stream().map(view -> view.seen().toBufferedImage()).toList();
      found = task.run(Running.QUIET.watched(progress).command(console.commandLine())).value();
      if (found instanceof ReadingLooks looks) {
        give(looks, seen, drawing);
        return 0;
      }
      told =
          new Told(
              model.name(),
              model.checkpoint().version(),
              model.computeType().toString(),
              prompt.question().isEmpty() ? prompt.text() : prompt.question(),
              console.commandLine(),
              (AttentionResult) found);
    }
    if (drawing != null) {
      if (isPng()) {
        drawing.write(AttentionFigure.png(told.attention, seen));
      } else {
        drawing.write(AttentionFigure.svg(told.attention, seen));
      }
    }
    Told all = told;
    result.give(console, () -> new AttentionText(all.attention()).text(), () -> all);
    return 0;
  }

  /// What is asked.
  private AttentionRequest request(QuestionArguments.Asked asked) {
    return new AttentionRequest(
        models.spec(),
        arguments.question(asked),
        Optional.ofNullable(target),
        heads,
        named.stream().map(HeadRef::parse).toList(),
        Optional.ofNullable(patches),
        sinks.dimensions,
        sinks.threshold == null ? OptionalDouble.empty() : OptionalDouble.of(sinks.threshold),
        Optional.ofNullable(share).map(p -> new VisualRedistribution(p, rho)),
        Optional.ofNullable(why).map(AttentionOptions.Why::parse),
        length.given());
  }

  /// Gives the looks of a model that reads pictures by cross-attention, or a text.
  private void give(ReadingLooks looks, List<BufferedImage> seen, @Nullable OutputFile drawing) {
    if (drawing != null) {
      if (isPng()) {
        drawing.write(LooksFigure.png(looks, seen));
      } else {
        drawing.write(LooksFigure.svg(looks, seen));
      }
    }
    result.give(console, () -> new LooksText(looks).text(), () -> looks);
  }

  private boolean isPng() {
    return figure != null && figure.toLowerCase(Locale.ROOT).endsWith(".png");
  }

  private @Nullable OutputFile drawing() {
    if (figure == null) {
      return null;
    }
    if (!isPng() && !figure.toLowerCase(Locale.ROOT).endsWith(".svg")) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--figure " + figure + " is neither .svg nor .png",
          "End the name with one of them.");
    }
    return OutputFile.checked(figure, result.force, console);
  }
}
