package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.data.DataSet;
import dev.lynceus.method.evidence.Evidence;
import dev.lynceus.method.evidence.EvidenceBatch;
import dev.lynceus.method.evidence.EvidenceOptions;
import dev.lynceus.method.evidence.InternalConfidence;
import dev.lynceus.method.evidence.NamedBox;
import dev.lynceus.method.evidence.Thresholds;
import dev.lynceus.method.evidence.Verdict;
import dev.lynceus.method.map.PatchMethod;
import dev.lynceus.pupil.BundledThresholds;
import dev.lynceus.report.EvidencePage;
import dev.lynceus.request.EvidenceRequest;
import dev.lynceus.request.PictureRef;
import dev.lynceus.request.Running;
import dev.lynceus.request.Task;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.SeenView;
import dev.lynceus.tensor.file.InputFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus evidence`: whether an answer rests on the picture.
@Command(
    name = "evidence",
    header = "Judge each word of an answer by what it rests on: the image, the text, or neither.",
    description = {
      "",
      "Takes the picture away from attention and measures what becomes of each word, shares its",
      "log increase among image and text, and looks whether the picture's own tokens hold it.",
      "What the question takes for granted is asked of the model itself; where something is not there",
      "and the picture decides a word all the same, it is shown and tested what the word rests on.",
      "With --dataset the answers stand in a file, and each row of it is judged.",
      "A verdict needs thresholds, which are known for the bundled model; `lynceus calibrate` makes",
      "those of another.",
      ""
    },
    sortOptions = false)
final class EvidenceCommand implements Callable<Integer> {
  private static final String PAGE = "lynceus-evidence.html";

  private final Console console;

  @Mixin QuestionArguments arguments = new QuestionArguments();

  @Option(
      names = "--answer",
      paramLabel = "TEXT",
      description = "Judge this answer. Default: the model's own.")
  @Nullable String answer;

  @Option(
      names = "--project-away",
      paramLabel = "WORD",
      description = "Take WORD out of the picture's tokens, and tell what becomes of the answer.")
  @Nullable String away;

  @Option(
      names = "--text-layer",
      paramLabel = "L",
      description =
          "With --project-away: depth that WORD is read at. Default: a 32nd of the depth.")
  @Nullable Integer textLayer;

  @Option(
      names = "--image-layer",
      paramLabel = "L",
      description = "With --project-away: layer whose input is changed. Default: a 16th.")
  @Nullable Integer imageLayer;

  @Option(
      names = "--strength",
      paramLabel = "A",
      description = "With --project-away: 1 takes the part along WORD away. Default: 1.5.")
  @Nullable Double strength;

  @Option(
      names = "--reading",
      defaultValue = "normed",
      paramLabel = "HOW",
      description = {
        "How words are read out of the picture: normed, through the last norm; compatible, as the",
        "code of arXiv 2410.02762 does. Default: ${DEFAULT-VALUE}."
      })
  String reading = "normed";

  @Option(
      names = "--thresholds",
      paramLabel = "FILE",
      description = "Thresholds of verdicts for this model, as `calibrate` writes them.")
  @Nullable String thresholds;

  @Option(
      names = "--boxes",
      paramLabel = "FILE",
      description = {
        "Where things lie in the picture, for words that speak of something absent:",
        "[{\"name\": \"cat\", \"box\": [left, top, right, bottom]}, ...]."
      })
  @Nullable String boxes;

  @Option(
      names = "--map",
      defaultValue = EvidenceOptions.MAP,
      paramLabel = "METHOD",
      description = {
        "The map that shows what such a word rests on, one of those of compare; none for no maps at",
        "all. Default: ${DEFAULT-VALUE}."
      })
  String map = EvidenceOptions.MAP;

  @Option(
      names = "--ask-claims",
      description = {
        "Ask the model back about every thing, colour and number that the answer names, also where",
        "no threshold needs it."
      })
  boolean askClaims;

  @Option(
      names = "--other",
      paramLabel = "IMAGE",
      description = {
        "Another picture, in the place of the first one, for control: how probable the same answer is",
        "about it. May be given several times."
      })
  List<String> others = List.of();

  @Mixin BatchOptions batch = new BatchOptions();

  @Mixin FailOn failOn = new FailOn();

  @Mixin AnswerLength length = new AnswerLength();

  @Mixin ModelOptions models = new ModelOptions();

  @Mixin PageOptions result = new PageOptions();

  @Mixin RequestOptions written = new RequestOptions();
  @Mixin CommonOptions common = new CommonOptions();

  EvidenceCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Path dataset = batch.dataset == null ? null : InputFile.REQUEST.path(batch.dataset);
    QuestionArguments.Asked asked = dataset == null ? arguments.read() : null;
    InternalConfidence.Reading how = InternalConfidence.Reading.parse(reading);
    Set<Verdict> failing = failOn.verdicts();
    if (away == null && (textLayer != null || imageLayer != null || strength != null)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--text-layer, --image-layer and --strength say how a word is taken away",
          "Name the word with --project-away.");
    }
    PatchMethod method = EvidenceRequest.method(map);
    String given =
        thresholds == null
            ? null
            : file("--thresholds", thresholds, "Name a file that `lynceus calibrate` wrote.");
    if (asked == null) {
      return many(Objects.requireNonNull(dataset), how, method, given, failing);
    }
    batch.requireNone();
    return one(asked, how, given, failing);
  }

  private int one(
      QuestionArguments.Asked asked,
      InternalConfidence.Reading how,
      @Nullable String given,
      Set<Verdict> failing) {
    List<NamedBox> things =
        boxes == null
            ? List.of()
            : NamedBox.parse(file("--boxes", boxes, "Name a JSON file."), "the file of --boxes");
    EvidenceRequest request =
        new EvidenceRequest(
            models.spec(),
            arguments.question(asked),
            Optional.ofNullable(answer),
            Optional.ofNullable(away)
                .map(word ->
                    new EvidenceRequest.Away(
                        word,
                        textLayer == null ? OptionalInt.empty() : OptionalInt.of(textLayer),
                        imageLayer == null ? OptionalInt.empty() : OptionalInt.of(imageLayer),
                        strength == null ? OptionalDouble.empty() : OptionalDouble.of(strength))),
            how,
            Optional.ofNullable(given)
                .map(json -> Thresholds.parse(json, "the file of --thresholds")),
            map,
            things,
            askClaims,
            others.stream()
                .<PictureRef>map(file -> QuestionArguments.ref(InputFile.PICTURE.path(file)))
                .toList(),
            length.given());
    if (written.wrote(request, result.force, console)) {
      return 0;
    }
    OutputFile page = result.page(PAGE, console);
    Evidence found;
    List<SeenView> views;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel model = models.load(progress)) {
      Task<Evidence> task = Task.of(model, request, asked.from());
      task.prompt().outside().forEach(progress::note);
      found =
          task.run(
                  Running.QUIET
                      .watched(progress)
                      .command(console.commandLine())
                      .line((verb, word) -> arguments.line(verb, word, models.model)))
              .value();
      Notes.unfinished(task.prompt(), found.answer()).ifPresent(progress::note);
      views = task.pictures().isEmpty() ? List.of() : model.views(task.pictures());
    }
    if (page != null) {
      page.write(
          EvidencePage.html(
              found,
              views.stream().map(view -> view.seen().toBufferedImage()).toList(),
              console.commandLine()));
    }
    console
        .out()
        .print(result.json ? ResultOptions.json(console, found) + "\n" : EvidenceText.of(found));
    told(page);
    return failOn.status(
        failing,
        FailOn.labels(found.verdicts()),
        found.words().stream().filter(Evidence.Word::decisive).map(Evidence.Word::reliability));
  }

  private int many(
      Path dataset,
      InternalConfidence.Reading how,
      @Nullable PatchMethod method,
      @Nullable String given,
      Set<Verdict> failing) {
    requireNoRequest();
    OutputFile page = result.page(PAGE, console);
    if (!arguments.words.isEmpty()
        || answer != null
        || away != null
        || boxes != null
        || !others.isEmpty()
        || arguments.raw
        || !arguments.start.isEmpty()
        || !arguments.before.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a question, --answer, --start, --raw, --boxes, --other and --project-away do not go with --dataset",
          "Leave them out, or --dataset: questions and answers stand in the file.");
    }
    DataSet rows = batch.datasets.open(dataset, batch.rows(), console);
    OutputFile items =
        batch.items == null ? null : ItemLines.checked(batch.items, result.force, console);
    OutputFile answers =
        batch.answers == null
            ? null
            : ItemLines.checked("--answers", batch.answers, result.force, console);
    EvidenceRun run = new EvidenceRun(console, dataset, rows, result.json);
    EvidenceBatch judged;
    String html = null;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel model = models.load(progress)) {
      Thresholds limits = limits(model, how, given);
      judged =
          run.judge(
              model,
              (loaded, prompt) ->
                  new EvidenceOptions(
                      how,
                      length.of(loaded, prompt),
                      limits,
                      null,
                      null,
                      method,
                      List.of(),
                      askClaims),
              limits,
              String.join(" ", reading, map, askClaims + "", length.given + ""),
              batch.ledger,
              progress);
      if (page != null) {
        html = run.page(judged, model, progress);
      }
    }
    if (items != null) {
      items.write(ItemLines.of(items.path(), EvidenceItems.words(judged)));
    }
    if (answers != null) {
      answers.write(ItemLines.of(answers.path(), EvidenceItems.answers(judged)));
    }
    if (page != null && html != null) {
      page.write(html);
    }
    console
        .out()
        .print(
            result.json
                ? ResultOptions.json(console, judged) + "\n"
                : "\n" + judged.summary() + "\n" + judged.rates() + "\n");
    told(page);
    return EvidenceRun.status(judged, failOn, failing);
  }

  private void requireNoRequest() {
    if (written.file != null) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--request is about one question, and --dataset has many",
          "Leave one of them out; `lynceus lab run evidence` keeps what is done with a data set.");
    }
  }

  private void told(@Nullable OutputFile page) {
    if (page != null && !result.json) {
      console.out().println("page: " + page.path());
    }
    console.out().flush();
  }

  private static @Nullable Thresholds limits(
      LoadedModel model, InternalConfidence.Reading how, @Nullable String given) {
    return given == null
        ? BundledThresholds.of(revision(model)).orElse(null)
        : Thresholds.parse(given, "the file of --thresholds").fitting(revision(model), how);
  }

  private static String revision(LoadedModel model) {
    return model.checkpoint().version();
  }

  private static String file(String option, String name, String hint) {
    try {
      return InputFile.REQUEST.text(InputFile.REQUEST.path(name));
    } catch (LynceusException e) {
      throw new LynceusException(ErrorCode.BAD_REQUEST, option + " " + e.getMessage(), hint, e);
    }
  }
}
