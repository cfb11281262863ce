package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.data.Example;
import dev.lynceus.lab.data.ImageSource;
import dev.lynceus.lab.describe.Comparing;
import dev.lynceus.lab.describe.DescribePage;
import dev.lynceus.lab.describe.DescribePrompts;
import dev.lynceus.lab.describe.DescribeReport;
import dev.lynceus.lab.describe.DescribeSettings;
import dev.lynceus.lab.describe.DescribeStudy;
import dev.lynceus.lab.describe.DescribeWords;
import dev.lynceus.lab.describe.Pairs;
import dev.lynceus.lab.describe.Pool;
import dev.lynceus.lab.describe.Refining;
import dev.lynceus.lab.describe.Selecting;
import dev.lynceus.lab.strategy.Speaker;
import dev.lynceus.lab.strategy.Wordings;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.tensor.file.InputFile;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus describe`: a question answered from a description that is refined by questions.
@Command(
    name = "describe",
    header = "Describe the picture, refine that by questions, and answer from the words (CVR-LLM).",
    description = {
      "",
      "Shows every round, what the model says with the picture, what each part of the description is",
      "worth, and which description is better. With --caption twice and two pictures: which caption",
      "fits which picture.",
      ""
    },
    sortOptions = false)
final class DescribeCommand implements Callable<Integer> {
  private static final String PAGE = "lynceus-describe.html";

  private final Console console;

  @Mixin QuestionArguments arguments = new QuestionArguments();

  @Option(
      names = "--loops",
      defaultValue = "1",
      paramLabel = "N",
      description = "Questions that refine the description, 0 to 4. Default: ${DEFAULT-VALUE}.")
  int loops = 1;

  @Option(
      names = "--replace",
      description =
          "A new description takes the place of the old one, in place of standing behind it.")
  boolean replace;

  @Option(
      names = "--description",
      defaultValue = "",
      paramLabel = "TEXT",
      description = "A description of yours to begin with.")
  String description = "";

  @Option(
      names = "--asking",
      paramLabel = "QUESTION",
      description = "A question of yours in the place of the model's. Several times, in order.")
  List<String> asking = List.of();

  @Option(
      names = "--pool",
      paramLabel = "DATASET",
      description = {
        "Questions about pictures that become worked examples; their answers are the model's own."
      })
  @Nullable String pool;

  @Option(
      names = "--pool-limit",
      defaultValue = "40",
      paramLabel = "N",
      description = "Only so many of them. Default: ${DEFAULT-VALUE}.")
  int poolLimit = 40;

  @Option(
      names = "--shots",
      defaultValue = "4",
      paramLabel = "K",
      description = "Worked examples that are shown, 0 to 8. Default: ${DEFAULT-VALUE}.")
  int shots = 4;

  @Option(
      names = "--select",
      defaultValue = "mixed",
      paramLabel = "WAY",
      description = {
        "How examples are chosen: text, multimodal, mixed or random. Default: ${DEFAULT-VALUE}."
      })
  String select = "mixed";

  @Option(
      names = "--alpha",
      defaultValue = "1",
      paramLabel = "A",
      description = "With mixed: how much the picture counts. Default: ${DEFAULT-VALUE}.")
  double alpha = 1;

  @Option(
      names = "--seed",
      defaultValue = "0",
      paramLabel = "N",
      description = "Of drawn candidates and random examples. Default: ${DEFAULT-VALUE}.")
  long seed;

  @Option(
      names = "--first",
      paramLabel = "TEXT",
      description = "With --second: compare these two descriptions, and nothing else.")
  @Nullable String first;

  @Option(names = "--second", paramLabel = "TEXT", description = "The second of them.")
  @Nullable String second;

  @Option(
      names = "--caption",
      paramLabel = "TEXT",
      description = {
        "Two of them, with two pictures and no question: which caption fits which picture. The first",
        "belongs to the first picture."
      })
  List<String> captions = List.of();

  @Option(
      names = "--fit",
      defaultValue = "yes",
      paramLabel = "WAY",
      description = {
        "With --caption: yes asks the model whether it fits; likelihood takes the probability of the",
        "caption as a description. Default: ${DEFAULT-VALUE}."
      })
  String fit = "yes";

  @Mixin StrategyOptions strategy = new StrategyOptions();
  @Mixin AnswerLength length = new AnswerLength();
  @Mixin ModelOptions models = new ModelOptions();
  @Mixin PageOptions result = new PageOptions();
  @Mixin CommonOptions common = new CommonOptions();

  DescribeCommand(Console console) {
    this.console = console;
  }

  /// What becomes JSON.
  ///
  /// @param conclusion what it shows, in a sentence
  /// @param report all rounds and what was measured; null where two texts were compared alone
  /// @param compared two texts; null where nothing else was compared
  record Told(
      String model,
      String revision,
      String dtype,
      String conclusion,
      @Nullable DescribeReport report,
      Comparing.@Nullable Table compared,
      String command) {}

  /// What becomes JSON of two captions and two pictures.
  ///
  /// @param conclusion what it shows, in a sentence
  /// @param pairs the scores
  record Paired(
      String model,
      String revision,
      String dtype,
      String conclusion,
      Pairs pairs,
      String command) {}

  @Override
  public Integer call() {
    Map<String, String> own = strategy.own(DescribePrompts.STEPS);
    if (!captions.isEmpty()) {
      return pairs(own);
    }
    if ((first == null) != (second == null)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--first and --second belong together",
          "Give both descriptions, or neither.");
    }
    QuestionArguments.Asked asked = arguments.read();
    List<RgbImage> images = StrategyOptions.images(arguments, asked);
    if (images.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "there is no picture to describe",
          "Give one before the question.");
    }
    DescribeSettings settings = settings();
    List<Example> rows = rows();
    OutputFile page = result.page(PAGE, console);
    Told told;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel model = models.load(progress)) {
      Speaker speaker =
          StrategyOptions.speaker(
              arguments,
              asked,
              model,
              length.of(model, arguments.prompt(model, asked, asked.pictures(model), progress)),
              progress);
      Wordings wordings = StrategyOptions.wordings(DescribePrompts.STEPS, model, own);
      Optional<Pool> examples = pool(speaker, wordings, settings, rows);
      DescribeStudy study =
          new DescribeStudy(speaker, wordings, asked.question(), images, settings, examples);
      DescribeReport report = first == null ? study.describe() : null;
      Comparing.Table compared =
          first == null || second == null ? null : study.compare(first, second);
      told =
          new Told(
              model.name(),
              model.checkpoint().version(),
              model.computeType().toString(),
              report != null ? DescribeWords.conclusion(report) : DescribeText.compared(compared),
              report,
              compared,
              console.commandLine());
    }
    if (page != null) {
      page.write(
          told.report == null
              ? DescribePage.html(told.model, told.compared, told.command)
              : DescribePage.html(told.model, images, told.report, told.command));
    }
    result.give(console, page, () -> DescribeText.of(told), told);
    return 0;
  }

  private Integer pairs(Map<String, String> own) {
    Pairs.By way = StrategyOptions.choice(Pairs.By.values(), fit, "--fit");
    QuestionArguments.Asked asked = arguments.begin();
    if (captions.size() != 2 || asked.images().size() != 2 || !asked.question().isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "%d captions with %d pictures%s"
              .formatted(
                  captions.size(),
                  asked.images().size(),
                  asked.question().isEmpty() ? "" : " and a question"),
          "Give two pictures, --caption twice, and no question.");
    }
    OutputFile page = result.page(PAGE, console);
    Paired told;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel model = models.load(progress)) {
      Speaker speaker =
          StrategyOptions.speaker(arguments, asked, model, AnswerLength.USUAL, progress);
      Pairs found =
          Pairs.of(
              speaker,
              StrategyOptions.wordings(DescribePrompts.STEPS, model, own),
              asked.images(),
              captions,
              way);
      told =
          new Paired(
              model.name(),
              model.checkpoint().version(),
              model.computeType().toString(),
              DescribeWords.conclusion(found),
              found,
              console.commandLine());
    }
    if (page != null) {
      page.write(DescribePage.html(told.model, asked.images(), told.pairs, told.command));
    }
    result.give(console, page, () -> DescribeText.of(told), told);
    return 0;
  }

  private DescribeSettings settings() {
    return new DescribeSettings(
        loops,
        replace ? Refining.Keep.LAST : Refining.Keep.BOTH,
        strategy.candidates(),
        strategy.by(),
        seed,
        description.strip(),
        asking,
        shots,
        new Selecting(
            StrategyOptions.choice(Selecting.By.values(), select, "--select"), alpha, seed));
  }

  private List<Example> rows() {
    String name = pool;
    if (name == null) {
      return List.of();
    }
    List<Example> examples =
        new DatasetOptions().examples(InputFile.REQUEST.path(name), poolLimit, console);
    examples.stream()
        .filter(one -> one.images().isEmpty() || one.question().isBlank())
        .findFirst()
        .ifPresent(one -> {
          throw new LynceusException(
              ErrorCode.BAD_REQUEST,
              one.origin() + " can be no worked example",
              "Each needs a picture and a question.");
        });
    return examples;
  }

  private static Optional<Pool> pool(
      Speaker speaker, Wordings wordings, DescribeSettings settings, List<Example> rows) {
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    Pool pool = new Pool();
    for (Example row : rows) {
      new DescribeStudy(
              speaker,
              wordings,
              row.question(),
              row.images().stream().map(ImageSource::read).toList(),
              settings,
              Optional.empty())
          .join(pool, row.id());
    }
    return Optional.of(pool);
  }
}
