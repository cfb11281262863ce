package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.strategy.Speaker;
import dev.lynceus.lab.strategy.Wordings;
import dev.lynceus.lab.vote.Scorer;
import dev.lynceus.lab.vote.ScorerBuilder;
import dev.lynceus.lab.vote.VotePage;
import dev.lynceus.lab.vote.VotePrompts;
import dev.lynceus.lab.vote.VoteReport;
import dev.lynceus.lab.vote.VoteSettings;
import dev.lynceus.lab.vote.VoteStudy;
import dev.lynceus.lab.vote.VoteWords;
import dev.lynceus.lab.vote.Weight;
import dev.lynceus.method.Spoken;
import dev.lynceus.method.map.PatchMethod;
import dev.lynceus.run.Candidates;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.tensor.file.InputFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus vote`: explanations vote on the answer.
@Command(
    name = "vote",
    header = "Draw explanations, weigh them, and let them vote on the answer (EASE).",
    description = {
      "",
      "Beside the direct answer: one explanation, the most frequent answer, the mean of the",
      "probabilities, and that mean by the weights; and what each explanation adds.",
      ""
    },
    sortOptions = false)
final class VoteCommand implements Callable<Integer> {
  private static final String PAGE = "lynceus-vote.html";

  private final Console console;

  @Mixin QuestionArguments arguments = new QuestionArguments();

  @Option(
      names = "--samples",
      defaultValue = "9",
      paramLabel = "N",
      description = "Explanations that are drawn. Default: ${DEFAULT-VALUE}.")
  int samples = 9;

  @Option(
      names = "--temperature",
      defaultValue = "0.7",
      paramLabel = "T",
      description = "Of the draws; 0 draws none. Default: ${DEFAULT-VALUE}.")
  double temperature = .7;

  @Option(
      names = "--seed",
      defaultValue = "0",
      paramLabel = "N",
      description = "The same seed draws the same explanations. Default: ${DEFAULT-VALUE}.")
  long seed;

  @Option(
      names = "--weigh-by",
      defaultValue = "score",
      paramLabel = "NAMES",
      description = {
        "score: the model's own Yes or No about the explanation; image: that, less the same with a",
        "blank picture; map: maps of the things that it names beside that of the answer. With commas",
        "they are multiplied; none: equal weights. Default: ${DEFAULT-VALUE}."
      })
  String weights = "score";

  @Option(
      names = "--gamma",
      defaultValue = "1",
      paramLabel = "G",
      description = "Exponent of the weights; 0 makes them equal. Default: ${DEFAULT-VALUE}.")
  double gamma = 1;

  @Option(
      names = "--told",
      description = "Read answers from the explanation alone, without the picture.")
  boolean told;

  @Option(
      names = "--explanation",
      paramLabel = "TEXT",
      description = "An explanation of yours in the place of drawn ones. Several times.")
  List<String> explanations = List.of();

  @Option(
      names = "--map",
      paramLabel = "METHOD",
      description = "With --weigh-by map: the method, see compare. Default: top-heads.")
  @Nullable String map;

  @Option(
      names = "--scorer",
      paramLabel = "FILE",
      description = "Good and bad explanations to show before one is judged, see --save-scorer.")
  @Nullable String scorer;

  @Option(
      names = "--demos",
      paramLabel = "DATASET",
      description = {
        "Questions with a field explanation and their answers: a scorer is made of them, bad",
        "explanations being drawn from the model."
      })
  @Nullable String demos;

  @Written(Written.As.FILE)
  @Option(
      names = "--save-scorer",
      paramLabel = "FILE",
      description = "Where the scorer of --demos is kept, as JSON.")
  @Nullable String saved;

  @Mixin StrategyOptions strategy = new StrategyOptions();
  @Mixin AnswerLength length = new AnswerLength();
  @Mixin ModelOptions models = new ModelOptions();
  @Mixin PageOptions result = new PageOptions();
  @Mixin CommonOptions common = new CommonOptions();

  VoteCommand(Console console) {
    this.console = console;
  }

  /// What becomes JSON.
  ///
  /// @param conclusion what it shows, in a sentence
  /// @param scorer examples that were shown before an explanation was judged
  /// @param report all that was drawn and measured
  record Told(
      String model,
      String revision,
      String dtype,
      String conclusion,
      Optional<Scorer> scorer,
      VoteReport report,
      String command) {}

  @Override
  public Integer call() {
    Map<String, String> own = strategy.own(VotePrompts.STEPS);
    QuestionArguments.Asked asked = arguments.read();
    List<RgbImage> images = StrategyOptions.images(arguments, asked);
    VoteSettings settings = settings(known());
    List<ScorerBuilder.Demo> shown = demonstrations();
    OutputFile page = result.page(PAGE, console);
    OutputFile kept = saved == null ? null : OutputFile.checked(saved, result.force, console);
    Told told;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel model = models.load(progress)) {
      Prompt prompt = arguments.prompt(model, asked, asked.pictures(model), progress);
      Speaker speaker =
          StrategyOptions.speaker(arguments, asked, model, length.of(model, prompt), progress);
      Wordings wordings = StrategyOptions.wordings(VotePrompts.STEPS, model, own);
      Optional<Scorer> judged = settings.scorer();
      if (!shown.isEmpty()) {
        judged = Optional.of(new ScorerBuilder(8, 4, seed).build(shown, speaker, wordings));
        if (kept != null) {
          kept.write(judged.get().json());
        }
      }
      VoteReport report =
          new VoteStudy(speaker, wordings, asked.question(), images, settings(judged)).hold();
      told =
          new Told(
              model.name(),
              model.checkpoint().version(),
              model.computeType().toString(),
              VoteWords.conclusion(report),
              judged,
              report,
              console.commandLine());
    }
    if (page != null) {
      page.write(VotePage.html(told.model, images, told.report, told.command));
    }
    result.give(console, page, () -> text(told), told);
    return 0;
  }

  private VoteSettings settings(Optional<Scorer> judged) {
    if (map != null) {
      PatchMethod.named(map);
    }
    Candidates.By way = strategy.by();
    return new VoteSettings(
        samples,
        temperature,
        seed,
        gamma,
        Weight.named(weights),
        strategy.candidates(),
        way,
        told ? VoteSettings.Answers.TOLD : VoteSettings.Answers.SEEN,
        explanations,
        judged,
        Optional.ofNullable(map));
  }

  private Optional<Scorer> known() {
    String file = scorer;
    if (file != null && demos != null) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--scorer and --demos exclude each other",
          "Give the scorer that was made, or what one is made of.");
    }
    if (saved != null && demos == null) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, "--save-scorer has nothing to keep", "Give --demos with it.");
    }
    return file == null
        ? Optional.empty()
        : Optional.of(Scorer.parse(InputFile.REQUEST.text(InputFile.REQUEST.path(file)), file));
  }

  private List<ScorerBuilder.Demo> demonstrations() {
    String name = demos;
    if (name == null) {
      return List.of();
    }
    List<ScorerBuilder.Demo> shown =
        new DatasetOptions()
            .examples(InputFile.REQUEST.path(name), Integer.MAX_VALUE, console).stream()
                .map(ScorerBuilder.Demo::of)
                .toList();
    if (shown.size() < 2) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "%s has %d demonstrations".formatted(name, shown.size()),
          "Give at least two: each is asked with others before it.");
    }
    return shown;
  }

  private static String text(Told told) {
    VoteReport report = told.report;
    StringBuilder text = new StringBuilder();
    text.append(told.conclusion).append("\n\n");
    TextTable ways = new TextTable().row("way to decide", "says", "with");
    for (VoteReport.Total one : report.totals()) {
      ways.row(
          one.name(),
          one.answer(),
          Spoken.percent(one.distribution().get(report.labels().indexOf(one.answer()))));
    }
    text.append(ways).append('\n');
    TextTable samples = new TextTable().row("nr", "weight", "adds", "most probable", "explanation");
    for (VoteReport.Sample one : report.samples()) {
      List<String> cells = new ArrayList<>();
      cells.add(Integer.toString(one.number()));
      cells.add(Spoken.number(one.weight()));
      cells.add(Spoken.signed(one.marginal()));
      cells.add(one.argmax() + (one.consistent() ? "" : " ≠"));
      cells.add(brief(one.explanation()));
      samples.row(cells);
    }
    text.append(samples);
    told.scorer.ifPresent(
        one -> text.append("scorer: %d good and bad explanations%n".formatted(one.shown().size())));
    report.notes().forEach(note -> text.append("note: ").append(note).append('\n'));
    return text.toString();
  }

  private static String brief(String text) {
    String line = text.replace('\n', ' ');
    return line.length() <= 80 ? line : line.substring(0, 79) + "…";
  }
}
