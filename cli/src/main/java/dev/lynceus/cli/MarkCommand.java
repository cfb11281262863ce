package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.mark.MarkOperator;
import dev.lynceus.lab.mark.MarkPage;
import dev.lynceus.lab.mark.MarkReport;
import dev.lynceus.lab.mark.MarkSettings;
import dev.lynceus.lab.mark.MarkStudy;
import dev.lynceus.lab.mark.MarkWords;
import dev.lynceus.lab.mark.Style;
import dev.lynceus.lab.picture.Region;
import dev.lynceus.lab.strategy.Asking;
import dev.lynceus.method.Spoken;
import dev.lynceus.method.map.PatchMethod;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus mark`: visual prompts, and what they do.
@Command(
    name = "mark",
    header = "Mark a part of the picture in many ways, and see what each does to the answer.",
    description = {
      "",
      "Draws, cuts, masks, names coordinates or decodes against the picture without the region, and",
      "measures the answer beside regions of the same shape elsewhere. One picture, and a region by",
      "--box, --mask, --region-from or --also.",
      ""
    },
    sortOptions = false)
final class MarkCommand implements Callable<Integer> {
  private static final String PAGE = "lynceus-mark.html";

  private final Console console;

  @Mixin QuestionArguments arguments = new QuestionArguments();
  @Mixin MarkRegions regions = new MarkRegions();

  @Option(
      names = "--operator",
      defaultValue = "all",
      paramLabel = "NAMES",
      description = {
        "box, circle, circle-grey, circle-blur, contour, arrow, scribble, point, triangle, som, crop,",
        "zoom, blackout, blur, grey, dim, scaffold, scaffold-pair, text-box, crg, api; with commas",
        "between, or all. Default: ${DEFAULT-VALUE}."
      })
  String operators = "all";

  @Mixin MarkStyleOptions style = new MarkStyleOptions();

  @Option(names = "--sweep", description = "Also try other colours, sizes and sides of marks.")
  boolean sweep;

  @Option(
      names = "--controls",
      defaultValue = "5",
      paramLabel = "N",
      description =
          "Regions of the same shape that each operator is compared with. Default: ${DEFAULT-VALUE}.")
  int controls = 5;

  @Option(
      names = "--seed",
      defaultValue = "0",
      paramLabel = "N",
      description = "Of the choice of these regions. Default: ${DEFAULT-VALUE}.")
  long seed;

  @Option(
      names = "--answer",
      paramLabel = "TEXT",
      description = "The answer whose probability is measured. Default: the model's own.")
  @Nullable String answer;

  @Option(
      names = "--contrast",
      defaultValue = "1",
      paramLabel = "A",
      description =
          "With crg: how much the difference of the two passes counts. Default: ${DEFAULT-VALUE}.")
  double contrast = 1;

  @Option(
      names = "--layer",
      paramLabel = "L",
      description = {
        "With api: the layer whose attention masks. Default: five eighths of the depth, 20 of 32."
      })
  @Nullable Integer layer;

  @Option(
      names = "--map",
      paramLabel = "METHOD",
      description = "With api: mask by the map of this method, in the place of attention.")
  @Nullable String map;

  @Option(
      names = "--elsewhere",
      paramLabel = "QUESTION",
      description =
          "A question about something outside of the region, whose answer should not move.")
  @Nullable String elsewhere;

  @Option(
      names = "--refer",
      paramLabel = "QUESTION",
      description = "A question for the region, such as \"What is in the red box?\".")
  @Nullable String refer;

  @Option(names = "--label", paramLabel = "TEXT", description = "With --refer: the right answer.")
  @Nullable String label;

  @Option(
      names = "--candidates",
      split = ",",
      paramLabel = "TEXTS",
      description = "With --refer: what is chosen among, with commas between; the label too.")
  List<String> candidates = List.of();

  @Mixin AnswerLength length = new AnswerLength();
  @Mixin ModelOptions models = new ModelOptions();
  @Mixin PageOptions result = new PageOptions();
  @Mixin CommonOptions common = new CommonOptions();

  MarkCommand(Console console) {
    this.console = console;
  }

  /// What becomes JSON.
  ///
  /// @param conclusion what it shows, in a sentence
  /// @param report all that was measured
  record Told(
      String model,
      String revision,
      String dtype,
      String conclusion,
      MarkReport report,
      String command) {}

  @Override
  public Integer call() {
    List<MarkOperator> chosen = MarkOperator.named(operators);
    Style drawn = style.style();
    if (map != null) {
      PatchMethod.named(map);
    }
    if (layer != null && layer < 0) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, "--layer " + layer + " is below 0", "Use 0 or more.");
    }
    Optional<MarkSettings.Refer> referred = referred();
    RgbImage image = picture();
    QuestionArguments.Asked asked = arguments.read();
    regions.read(image);
    OutputFile page = result.page(PAGE, console);
    Told told;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel model = models.load(progress)) {
      Prompt prompt = arguments.prompt(model, asked, asked.pictures(model), progress);
      int tokens = length.of(model, prompt);
      List<Region> all = regions.all(model, prompt, image, tokens, seed);
      Asking asking =
          new Asking(
              model,
              QuestionArguments.name(asked.files().getFirst()),
              arguments.raw,
              arguments.startAlone());
      MarkSettings settings =
          new MarkSettings(
              chosen,
              controls,
              seed,
              Optional.ofNullable(answer),
              tokens,
              contrast,
              layer == null ? -1 : layer,
              Optional.ofNullable(map),
              Optional.ofNullable(elsewhere),
              referred,
              sweep);
      MarkStudy study =
          new MarkStudy(
              asking, image, all, asked.question(), style.wording(), drawn, settings, progress);
      if (!common.quiet) {
        progress.clear();
        console.err().printf("lynceus: %d marks to try, each one pass%n", study.marks());
      }
      MarkReport report = study.measure();
      told =
          new Told(
              model.name(),
              model.checkpoint().version(),
              model.computeType().toString(),
              MarkWords.conclusion(report),
              report,
              console.commandLine());
      if (page != null) {
        page.write(MarkPage.html(told.model, image, all.getFirst(), study, report, told.command));
      }
    }
    result.give(console, page, () -> text(told), told);
    return 0;
  }

  private RgbImage picture() {
    QuestionArguments.Asked asked = arguments.read();
    if (asked.images().size() != 1 || !asked.frames().isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          asked.isBlind()
              ? "there is no picture to mark"
              : "marks are drawn on one picture, and there are "
                  + (asked.images().size() + asked.frames().size()),
          "Give one picture before the question.");
    }
    return asked.images().getFirst();
  }

  private Optional<MarkSettings.Refer> referred() {
    if (refer == null && label == null && candidates.isEmpty()) {
      return Optional.empty();
    }
    if (refer == null || label == null || candidates.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--refer, --label and --candidates belong together",
          "Give all three, for example --refer \"What is in the red box?\" --label dog --candidates dog,cat.");
    }
    return Optional.of(new MarkSettings.Refer(refer, label, candidates));
  }

  private static String text(Told told) {
    MarkReport report = told.report;
    StringBuilder text = new StringBuilder();
    text.append(report.said()).append("\n\n").append(told.conclusion).append("\n\n");
    text.append("change of the log probability of “%s”, nats\n".formatted(report.answer()));
    TextTable table =
        new TextTable().row("operator", "at the region", "elsewhere", "specific", "it says");
    for (MarkReport.Row row : report.operators()) {
      table.row(
          row.operator(),
          Spoken.signed(row.effect()),
          row.controls().isEmpty() ? "–" : Spoken.signed(row.controlMean()),
          row.controls().isEmpty() ? "–" : Spoken.signed(row.specificity()),
          row.flipped() ? row.said() : "the same");
    }
    text.append(table);
    for (MarkReport.Sweep one : report.sweep()) {
      text.append(
          "%n%s in %d styles: effect %s, %s to %s; specific %s, %s to %s"
              .formatted(
                  one.operator(),
                  one.styles().size(),
                  Spoken.signed(one.mean()),
                  Spoken.signed(one.least()),
                  Spoken.signed(one.most()),
                  Spoken.signed(one.specificMean()),
                  Spoken.signed(one.specificLeast()),
                  Spoken.signed(one.specificMost())));
    }
    report.notes().forEach(note -> text.append("\nnote: ").append(note));
    return text.append('\n').toString();
  }
}
