package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.lab.strategy.Speaker;
import dev.lynceus.lab.strategy.Wordings;
import dev.lynceus.lab.think.Plan;
import dev.lynceus.lab.think.Replayed;
import dev.lynceus.lab.think.ThinkPage;
import dev.lynceus.lab.think.ThinkPrompts;
import dev.lynceus.lab.think.ThinkRecord;
import dev.lynceus.lab.think.ThinkReport;
import dev.lynceus.lab.think.ThinkSettings;
import dev.lynceus.lab.think.ThinkStudy;
import dev.lynceus.lab.think.ThinkWords;
import dev.lynceus.method.Spoken;
import dev.lynceus.method.map.PatchMethod;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.tensor.file.InputFile;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus think`: a chain of pictures.
@Command(
    name = "think",
    header = "Plan steps that make pictures, read each, and answer from all (Image-of-Thought).",
    description = {
      "",
      "Beside the direct answer and a chain in words; and what the answer loses without each step, with",
      "an empty phrase in its place, and with a crop elsewhere. One picture.",
      ""
    },
    sortOptions = false)
final class ThinkCommand implements Callable<Integer> {
  private static final String PAGE = "lynceus-think.html";

  private final Console console;

  @Mixin QuestionArguments arguments = new QuestionArguments();

  @Option(
      names = "--planning",
      paramLabel = "WAY",
      description = {
        "model: the model writes the plan; chosen: the most probable names of operations; rules: by the",
        "words of the question. Default: model, or rules where a model was taught no free text."
      })
  @Nullable String planning;

  @Option(
      names = "--plan",
      paramLabel = "FILE",
      description = {
        "A plan of yours: a JSON list of steps with goal, op, args and expect, and text where nothing",
        "shall be read anew."
      })
  @Nullable String plan;

  @Option(
      names = "--shown",
      defaultValue = "text",
      paramLabel = "WAY",
      description = {
        "How pictures of steps come again when it answers: text, what was read from them; sheet, one",
        "picture of all; several, one by one. Default: ${DEFAULT-VALUE}."
      })
  String shown = "text";

  @Option(
      names = "--box",
      paramLabel = "X0,Y0,X1,Y1",
      description = "Where steps look that name no place. Default: where a map is strongest.")
  @Nullable String box;

  @Option(
      names = "--map",
      paramLabel = "METHOD",
      description = "The method of that map, see compare. Default: top-heads.")
  @Nullable String map;

  @Option(
      names = "--controls",
      defaultValue = "3",
      paramLabel = "N",
      description = "Crops elsewhere beside each crop. Default: ${DEFAULT-VALUE}.")
  int controls = 3;

  @Option(
      names = "--seed",
      defaultValue = "0",
      paramLabel = "N",
      description = "Of these crops. Default: ${DEFAULT-VALUE}.")
  long seed;

  @Written(Written.As.FILE)
  @Option(
      names = "--save",
      paramLabel = "FILE",
      description = "Keep the chain as JSON, for --replay and --plan.")
  @Nullable String saved;

  @Option(
      names = "--replay",
      paramLabel = "FILE",
      description = "Do a kept chain again, and say whether pictures and numbers are the same.")
  @Nullable String replay;

  @Mixin StrategyOptions strategy = new StrategyOptions();
  @Mixin AnswerLength length = new AnswerLength();
  @Mixin ModelOptions models = new ModelOptions();
  @Mixin PageOptions result = new PageOptions();
  @Mixin CommonOptions common = new CommonOptions();

  ThinkCommand(Console console) {
    this.console = console;
  }

  /// What becomes JSON.
  ///
  /// @param conclusion what it shows, in a sentence
  /// @param report all steps and what was measured
  /// @param replayed what the replay gave; null where it is none
  record Told(
      String model,
      String revision,
      String dtype,
      String conclusion,
      ThinkReport report,
      @Nullable Replayed replayed,
      String command) {}

  @Override
  public Integer call() {
    Map<String, String> own = strategy.own(ThinkPrompts.STEPS);
    QuestionArguments.Asked asked = arguments.read();
    List<RgbImage> images = StrategyOptions.images(arguments, asked);
    if (images.size() != 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "steps are made of one picture, and there are " + images.size(),
          "Give one picture before the question.");
    }
    if (map != null) {
      PatchMethod.named(map);
    }
    Optional<ThinkRecord> record = record();
    ThinkSettings settings = settings(record);
    OutputFile page = result.page(PAGE, console);
    OutputFile kept = saved == null ? null : OutputFile.checked(saved, result.force, console);
    Told told;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel model = models.load(progress)) {
      Prompt prompt = arguments.prompt(model, asked, asked.pictures(model), progress);
      // A plan is longer than an answer.
      int tokens = Math.max(256, length.of(model, prompt));
      Speaker speaker = StrategyOptions.speaker(arguments, asked, model, tokens, progress);
      Wordings wordings = StrategyOptions.wordings(ThinkPrompts.STEPS, model, own);
      ThinkSettings planned =
          planning != null || model.knows("plan")
              ? settings
              : settings.withPlanning(ThinkSettings.Planning.RULES);
      ThinkStudy study =
          new ThinkStudy(
              speaker,
              wordings,
              record.map(ThinkRecord::question).orElse(asked.question()),
              images.getFirst(),
              planned);
      Replayed replayed = record.map(study::replay).orElse(null);
      ThinkReport report = study.think();
      told =
          new Told(
              model.name(),
              model.checkpoint().version(),
              model.computeType().toString(),
              ThinkWords.conclusion(report),
              report,
              replayed,
              console.commandLine());
      if (kept != null) {
        kept.write(report.record());
      }
      if (page != null) {
        page.write(
            ThinkPage.html(
                told.model, study.placed(), study.pictures(), report, replayed, told.command));
      }
    }
    result.give(console, page, () -> text(told), told);
    return 0;
  }

  private Optional<ThinkRecord> record() {
    String file = replay;
    if (file == null) {
      return Optional.empty();
    }
    if (plan != null || planning != null) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--replay does what was kept, and takes no other plan",
          "Leave out --plan and --planning.");
    }
    return Optional.of(
        ThinkRecord.parse(InputFile.REQUEST.text(InputFile.REQUEST.path(file)), file));
  }

  private ThinkSettings settings(Optional<ThinkRecord> record) {
    String file = plan;
    Optional<Plan> given =
        file == null
            ? record.map(ThinkRecord::plan)
            : Optional.of(plan(InputFile.REQUEST.text(InputFile.REQUEST.path(file)), file));
    return new ThinkSettings(
        planning == null
            ? ThinkSettings.Planning.MODEL
            : StrategyOptions.choice(ThinkSettings.Planning.values(), planning, "--planning"),
        given,
        record
            .map(ThinkRecord::shown)
            .orElseGet(
                () -> StrategyOptions.choice(ThinkSettings.Shown.values(), shown, "--shown")),
        record
            .map(ThinkRecord::labels)
            .filter(labels -> labels.size() > 1)
            .orElse(strategy.candidates()),
        strategy.by(),
        Optional.ofNullable(map),
        Optional.ofNullable(box).map(MarkRegions::box),
        controls,
        seed);
  }

  /// A plan, or the plan of a record.
  private static Plan plan(String text, String file) {
    return text.strip().startsWith("{") ? ThinkRecord.parse(text, file).plan() : Plan.parse(text);
  }

  private static String text(Told told) {
    ThinkReport report = told.report;
    StringBuilder text = new StringBuilder(told.conclusion).append('\n');
    if (told.replayed != null) {
      text.append(told.replayed.conclusion()).append('\n');
    }
    TextTable ways = new TextTable().row("way", "says", "with");
    for (ThinkReport.Way way : report.ways()) {
      ways.row(
          way.name(),
          way.answer(),
          Spoken.percent(way.choice().probabilities().get(way.choice().best())));
    }
    text.append('\n').append(ways);
    if (!report.steps().isEmpty()) {
      TextTable steps =
          new TextTable().row("step", "left out", "empty phrase", "elsewhere", "", "read");
      for (ThinkReport.Step step : report.steps()) {
        steps.row(
            "%d. %s".formatted(step.number() + 1, step.what()),
            Spoken.signed(step.dropped()),
            Spoken.signed(step.neutral()),
            Spoken.signed(step.random()),
            step.decorative() ? "decorative" : "",
            step.says().isEmpty() ? step.read() : step.says() + "; " + step.read());
      }
      text.append("\nwhat the answer loses, nats\n").append(steps);
    }
    text.append("planned by: ").append(report.planned()).append('\n');
    report.notes().forEach(note -> text.append("note: ").append(note).append('\n'));
    return text.toString();
  }
}
