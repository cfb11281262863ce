package dev.lynceus.cli;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.attention.HeadRef;
import dev.lynceus.method.cleann.CausalExplanation;
import dev.lynceus.method.cleann.CleannSettings;
import dev.lynceus.method.cleann.OrderedIcd;
import dev.lynceus.report.CausesFigure;
import dev.lynceus.report.PatchSource;
import dev.lynceus.request.CausesRequest;
import dev.lynceus.request.Running;
import dev.lynceus.request.Task;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus causes`: a causal graph from one head's attention, and the test of it.
@Command(
    name = "causes",
    header = "Learn a causal graph from a head's attention, and mask what it says explains a word.",
    description = {
      "",
      "CLEANN (arXiv 2310.20307). The graph rests on assumptions that cannot be checked here; the",
      "masking, beside random sets of as many tokens, says whether it has found what matters.",
      ""
    },
    sortOptions = false)
final class CausesCommand implements Callable<Integer> {
  private final Console console;

  @Mixin QuestionArguments arguments = new QuestionArguments();

  @Option(
      names = "--head",
      required = true,
      paramLabel = "L.H",
      description = "Whose attention: layer, dot, head. `lynceus attention` ranks heads.")
  String head = "";

  @Option(
      names = "--target",
      paramLabel = "WORD",
      description = {
        "The word of the answer that is explained. Default: the one from which the head pays the",
        "picture most."
      })
  @Nullable String target;

  @Option(
      names = "--threshold",
      defaultValue = "0.005",
      paramLabel = "A",
      description = "Attention from which on a token becomes a node. Default: ${DEFAULT-VALUE}.")
  double threshold;

  @Option(
      names = "--patches",
      defaultValue = "50",
      paramLabel = "N",
      description = "Most patches in the graph. Default: ${DEFAULT-VALUE}.")
  int patches;

  @Option(
      names = "--alpha",
      defaultValue = "1e-5",
      paramLabel = "P",
      description = "Level of the tests of independence. Default: ${DEFAULT-VALUE}.")
  double alpha;

  @Option(
      names = "--samples",
      defaultValue = "128",
      paramLabel = "N",
      description = {
        "What the correlations count as if they were estimated from. Default: ${DEFAULT-VALUE}."
      })
  int samples;

  @Option(
      names = "--conditions",
      defaultValue = "3",
      paramLabel = "N",
      description = "Most tokens that two tokens are tested given. Default: ${DEFAULT-VALUE}.")
  int conditions;

  @Option(
      names = "--radius",
      defaultValue = "3",
      paramLabel = "N",
      description = "Depth of the tree around the word. Default: ${DEFAULT-VALUE}.")
  int radius;

  @Option(
      names = "--trials",
      defaultValue = "20",
      paramLabel = "N",
      description = "Random sets beside each explanation. Default: ${DEFAULT-VALUE}.")
  int trials;

  @Option(
      names = "--seed",
      defaultValue = "0",
      paramLabel = "N",
      description = "Seed of the random sets. Default: ${DEFAULT-VALUE}.")
  long seed;

  @Mixin AnswerLength length = new AnswerLength();

  @Written(Written.As.FILE)
  @Option(names = "--figure", paramLabel = "FILE", description = "Also draw the graph as SVG.")
  @Nullable String figure;

  @Mixin ModelOptions models = new ModelOptions();
  @Mixin ResultOptions result = new ResultOptions();
  @Mixin RequestOptions written = new RequestOptions();
  @Mixin CommonOptions common = new CommonOptions();

  CausesCommand(Console console) {
    this.console = console;
  }

  /// What becomes JSON.
  record Told(
      String model,
      String revision,
      String dtype,
      String question,
      String command,
      CleannSettings settings,
      CausalExplanation causes) {}

  @Override
  public Integer call() {
    HeadRef whose = HeadRef.parse(head);
    CleannSettings settings =
        new CleannSettings(
            threshold,
            patches,
            samples,
            alpha,
            new OrderedIcd(conditions, OrderedIcd.DEFAULT.sets()),
            radius,
            trials,
            seed);
    QuestionArguments.Asked asked = arguments.read();
    CausesRequest request =
        new CausesRequest(
            models.spec(),
            arguments.question(asked),
            whose,
            Optional.ofNullable(target),
            threshold,
            patches,
            alpha,
            samples,
            conditions,
            radius,
            trials,
            seed,
            length.given());
    if (written.wrote(request, result.force, console)) {
      return 0;
    }
    OutputFile drawing = figure == null ? null : OutputFile.checked(figure, result.force, console);
    Told told;
    List<PatchSource> sources;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel model = models.load(progress)) {
      Task<CausalExplanation> task = Task.of(model, request, asked.from());
      Prompt prompt = task.prompt();
      prompt.outside().forEach(progress::note);
      sources = PatchSources.of(model, prompt, task.pictures());
      told =
          new Told(
              model.name(),
              model.checkpoint().version(),
              model.computeType().toString(),
              prompt.question().isEmpty() ? prompt.text() : prompt.question(),
              console.commandLine(),
              settings,
              task.run(Running.QUIET.watched(progress).command(console.commandLine())).value());
    }
    if (drawing != null) {
      drawing.write(CausesFigure.svg(told.causes, sources));
    }
    result.give(console, () -> text(told.causes), () -> told);
    return 0;
  }

  private String text(CausalExplanation causes) {
    StringBuilder text = new StringBuilder(causes.conclusion()).append("\n\n");
    text.append(
        String.format(
            Locale.ROOT,
            "head %s, \u201c%s\u201d predicted at position %d: %d nodes, %d edges, importance %.2f%n",
            causes.head(),
            causes.word(),
            causes.row(),
            causes.nodes().size(),
            causes.edges().size(),
            causes.importance()));
    for (int r = 1; r <= radius; r++) {
      int reach = r;
      List<String> names =
          causes.nodes().stream()
              .filter(node -> node.radius() == reach)
              .map(
                  node -> Spoken.label(node.text()) + " (" + Spoken.percent(node.attention()) + ")")
              .toList();
      if (!names.isEmpty()) {
        text.append("radius %d: %s%n".formatted(r, String.join("; ", names)));
      }
    }
    if (causes.sets().isEmpty()) {
      return text.append("nothing is joined to the word, so nothing is masked\n").toString();
    }
    TextTable table =
        new TextTable()
            .row(
                "radius",
                "tokens",
                "masked by",
                "before",
                "then",
                "says",
                "random sets",
                "of these change it");
    for (CausalExplanation.SetTest test : causes.sets()) {
      table.row(
          Integer.toString(test.radius()),
          Integer.toString(test.positions().length),
          test.masking().name().toLowerCase(Locale.ROOT),
          Spoken.percent(Math.exp(test.clean())),
          Spoken.percent(Math.exp(test.masked())),
          test.changes() ? test.says() : "the same",
          Spoken.percent(Math.exp(test.randomMasked())),
          Spoken.percent(test.randomChanges()));
    }
    text.append(table);
    text.append(
        causes
            .smallest()
            .map(set ->
                "smallest set that changes the answer: %s, then %s%n"
                    .formatted(
                        set.labels().stream().map(Spoken::label).collect(Collectors.joining("; ")),
                        set.says()))
            .orElse(
                "no one or two of these tokens change the answer (%d sets tried)%n"
                    .formatted(causes.tried())));
    return text.toString();
  }
}
