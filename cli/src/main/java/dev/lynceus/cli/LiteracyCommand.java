package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ProcessedImage;
import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.data.DataSet;
import dev.lynceus.lab.literacy.AnswerStyle;
import dev.lynceus.lab.literacy.Blueprint;
import dev.lynceus.lab.literacy.ChartItems;
import dev.lynceus.lab.literacy.ChartKind;
import dev.lynceus.lab.literacy.ChartPainter;
import dev.lynceus.lab.literacy.ChartTask;
import dev.lynceus.lab.literacy.Detail;
import dev.lynceus.lab.literacy.Literacy;
import dev.lynceus.lab.literacy.LiteracyItem;
import dev.lynceus.lab.literacy.LiteracyPage;
import dev.lynceus.lab.literacy.LiteracyReport;
import dev.lynceus.lab.literacy.LiteracySettings;
import dev.lynceus.lab.literacy.LiteracyTable;
import dev.lynceus.lab.literacy.ModelTaker;
import dev.lynceus.lab.strategy.Asking;
import dev.lynceus.lab.strategy.Speaker;
import dev.lynceus.lab.strategy.Wordings;
import dev.lynceus.method.Inputs;
import dev.lynceus.method.map.PatchMethod;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.tensor.file.InputFile;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus literacy`: whether a model can read charts.
@Command(
    name = "literacy",
    header = "Test whether a model can read charts, and whether it looks at them.",
    description = {
      "",
      "Charts of twelve kinds with questions of the 53 places of VLAT, made from a seed, or the"
          + " items of",
      "a file. Every item is also asked without the picture, with a grey one, with other numbers"
          + " and",
      "without the legend; docs/how-to/literacy.md says how to read the result.",
      ""
    },
    sortOptions = false)
final class LiteracyCommand implements Callable<Integer> {
  private static final String PAGE = "lynceus-literacy.html";
  private static final String GENERATED = "generated";
  private static final String USUAL = "relevancy,average-attention,random";
  private static final String USUAL_OF_READING = "relevancy,occlusion,random";
  private static final int LARGEST = 448;

  /// A word that every model of free text was taught.
  private static final String COMMON = "explanation";

  private final Console console;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = {
        "Items of your own, for example config.json of VLAT from reVISit; --images says where the",
        "pictures are. Default: generated items."
      })
  @Nullable String file;

  @Option(
      names = "--charts",
      split = ",",
      paramLabel = "KINDS",
      description = {
        "Only these charts, with commas between: line, bar, stacked-bar, stacked-bar-100, pie,",
        "histogram, scatter, area, stacked-area, bubble, map, treemap."
      })
  List<String> charts = List.of();

  @Option(
      names = "--tasks",
      split = ",",
      paramLabel = "TASKS",
      description = "Only these tasks, with commas between: RV, EX, RG, AN, CL, TR, CM, HI.")
  List<String> tasks = List.of();

  @Option(
      names = "--each",
      defaultValue = "1",
      paramLabel = "N",
      description =
          "Items of each place of the test, of which there are 53. Default: ${DEFAULT-VALUE}.")
  int each = 1;

  @Option(
      names = "--side",
      defaultValue = "0",
      paramLabel = "PIXELS",
      description = {
        "Width and height of the charts, 100 to 2048; below 220 they have letters in place of",
        "names. Default: what the model sees, at most 448."
      })
  int side;

  @Option(
      names = "--seed",
      defaultValue = "0",
      paramLabel = "N",
      description = "Of items and orders. Default: ${DEFAULT-VALUE}.")
  long seed;

  @Option(
      names = "--answers",
      paramLabel = "STYLE",
      description = {
        "letters, words, or plain: the options are not shown, and their own words are scored.",
        "Default: letters; plain for models that were taught no free text."
      })
  @Nullable String answers;

  @Option(
      names = "--orders",
      defaultValue = "1",
      paramLabel = "N",
      description =
          "How often each item is asked, each time with its options in another order. Default:"
              + " ${DEFAULT-VALUE}.")
  int orders = 1;

  @Option(
      names = "--no-omit",
      description = "Offer no option that passes over; plain never offers it.")
  boolean noOmit;

  @Option(names = "--no-controls", description = "Ask with the chart alone.")
  boolean noControls;

  @Option(names = "--say", description = "Also let the model say its answer, and read that.")
  boolean say;

  @Option(
      names = "--methods",
      paramLabel = "NAMES",
      description = {
        "Methods whose maps are held against the evidence, with commas between. Default:"
            + " relevancy,",
        "average-attention,random; occlusion for attention where pictures are read by"
            + " cross-attention."
      })
  @Nullable String methods;

  @Option(
      names = "--maps",
      defaultValue = "53",
      paramLabel = "N",
      description = "Items that are mapped; 0 for none. Default: ${DEFAULT-VALUE}.")
  int maps = 53;

  @Written(Written.As.FILE)
  @Option(names = "--csv", paramLabel = "FILE", description = "All items as a table.")
  @Nullable String csv;

  @Option(names = "--limit", paramLabel = "N", description = "Only the first N items of --file.")
  @Nullable Integer limit;

  @Mixin PromptOptions prompts = new PromptOptions();
  @Mixin DatasetOptions datasets = new DatasetOptions();
  @Mixin ModelOptions models = new ModelOptions();
  @Mixin PageOptions result = new PageOptions();
  @Mixin CommonOptions common = new CommonOptions();

  LiteracyCommand(Console console) {
    this.console = console;
  }

  /// What becomes JSON.
  ///
  /// @param model its name
  /// @param report all that was measured
  record Told(String model, String revision, String dtype, LiteracyReport report, String command) {}

  @Override
  public Integer call() {
    AnswerStyle style =
        answers == null ? null : StrategyOptions.choice(AnswerStyle.values(), answers, "--answers");
    List<Blueprint> places = places();
    if (methods != null) {
      PatchMethod.named(methods);
    }
    if (side != 0 && (side < ChartPainter.LEAST_SIDE || side > ChartPainter.MOST_SIDE)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--side " + side,
          "Use %d to %d, or 0 for what the model sees."
              .formatted(ChartPainter.LEAST_SIDE, ChartPainter.MOST_SIDE));
    }
    var own = prompts.own(ModelTaker.STEPS);
    List<LiteracyItem> read = file == null ? List.of() : read();
    OutputFile page = result.page(PAGE, console);
    OutputFile table = csv == null ? null : OutputFile.checked(csv, result.force, console);
    Told told;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel model = models.load(progress)) {
      AnswerStyle used =
          style != null ? style : model.knows(COMMON) ? AnswerStyle.LETTERS : AnswerStyle.PLAIN;
      LiteracySettings settings =
          new LiteracySettings(
              orders,
              !noOmit && used != AnswerStyle.PLAIN,
              !noControls,
              say,
              PatchMethod.on(model.model(), PatchMethod.named(methods(model))),
              maps,
              seed);
      ModelTaker taker =
          new ModelTaker(
              new Speaker(Asking.of(model), 32, progress),
              used,
              Wordings.of(ModelTaker.STEPS, model, own));
      Literacy literacy =
          Literacy.of(
              file == null ? GENERATED : InputFile.REQUEST.path(file).getFileName().toString(),
              file == null ? generated(places, model) : read,
              taker,
              settings,
              progress);
      told =
          new Told(
              model.name(),
              model.checkpoint().version(),
              model.computeType().toString(),
              literacy.report(),
              console.commandLine());
      if (table != null) {
        table.write(LiteracyTable.csv(literacy.report()));
      }
      if (page != null) {
        page.write(LiteracyPage.html(told.model, literacy, told.command));
      }
    }
    result.give(console, page, () -> LiteracyText.of(told.report()), told);
    return 0;
  }

  private String methods(LoadedModel model) {
    if (methods != null) {
      return methods;
    }
    return Inputs.seesByReading(model.model()) ? USUAL_OF_READING : USUAL;
  }

  private List<LiteracyItem> generated(List<Blueprint> places, LoadedModel model) {
    int pixels = side == 0 ? seen(model) : side;
    return ChartItems.suite(Detail.of(pixels), seed, places, each).stream()
        .map(item -> LiteracyItem.of(item, pixels))
        .toList();
  }

  /// The side of the pictures that the model sees, where it makes all pictures of one size.
  private static int seen(LoadedModel model) {
    byte[] samples = new byte[3 * LARGEST * LARGEST];
    RgbImage blank = RgbImage.of(LARGEST, LARGEST, samples);
    return model
        .processor()
        .map(processor -> {
          ProcessedImage view = processor.views(blank).getFirst();
          return Math.clamp(Math.min(view.width(), view.height()), 112, LARGEST);
        })
        .orElse(LARGEST);
  }

  private List<LiteracyItem> read() {
    DataSet data =
        datasets.open(
            InputFile.REQUEST.path(java.util.Objects.requireNonNull(file)),
            limit == null ? Integer.MAX_VALUE : limit,
            console);
    List<LiteracyItem> all =
        LiteracyItem.of(data).stream()
            .filter(item -> tasks.isEmpty() || wanted(tasks, item.task()))
            .filter(item -> charts.isEmpty() || wanted(charts, item.chart()))
            .toList();
    if (all.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          data.name() + " has no such items: questions with options, one of which is the answer",
          "Give config.json of a library of reVISit, such as vlat, or leave --charts and --tasks"
              + " out.");
    }
    long without = all.stream().filter(item -> item.picture().isEmpty()).count();
    if (without > 0) {
      console
          .err()
          .printf(
              "note: %d of %d pictures are not there, and these items are asked without; --images"
                  + " names their folder%n",
              without, all.size());
    }
    return all;
  }

  private static boolean wanted(List<String> names, String name) {
    return names.stream().anyMatch(one -> one.strip().equalsIgnoreCase(name));
  }

  private List<Blueprint> places() {
    if (file != null) {
      return List.of();
    }
    List<ChartKind> kinds = named(charts, ChartKind.values(), ChartKind::label, "--charts");
    List<ChartTask> wanted = named(tasks, ChartTask.values(), ChartTask::code, "--tasks");
    List<Blueprint> places =
        Blueprint.all().stream()
            .filter(place -> kinds.contains(place.chart()) && wanted.contains(place.task()))
            .toList();
    if (places.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "there is no place of the test with --charts %s and --tasks %s"
              .formatted(String.join(",", charts), String.join(",", tasks)),
          "docs/how-to/literacy.md has the table of charts and tasks.");
    }
    return places;
  }

  private static <E> List<E> named(
      List<String> names, E[] all, Function<E, String> label, String option) {
    if (names.isEmpty()) {
      return List.of(all);
    }
    return names.stream()
        .map(name ->
            Arrays.stream(all)
                .filter(one -> label.apply(one).equalsIgnoreCase(name.strip()))
                .findFirst()
                .orElseThrow(() ->
                    new LynceusException(
                        ErrorCode.BAD_REQUEST,
                        "%s has no '%s'".formatted(option, name),
                        "Use "
                            + Arrays.stream(all).map(label).collect(Collectors.joining(", "))
                            + ".")))
        .toList();
  }
}
