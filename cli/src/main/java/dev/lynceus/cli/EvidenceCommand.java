package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.data.DataSet;
import dev.lynceus.method.evidence.Evidence;
import dev.lynceus.method.evidence.EvidenceBatch;
import dev.lynceus.method.evidence.EvidenceExplainer;
import dev.lynceus.method.evidence.EvidenceOptions;
import dev.lynceus.method.evidence.InternalConfidence;
import dev.lynceus.method.evidence.NamedBox;
import dev.lynceus.method.evidence.ProjectAway;
import dev.lynceus.method.evidence.Thresholds;
import dev.lynceus.method.evidence.Verdict;
import dev.lynceus.method.map.PatchMethod;
import dev.lynceus.model.Picture;
import dev.lynceus.pupil.BundledThresholds;
import dev.lynceus.report.EvidencePage;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.SeenView;
import dev.lynceus.tensor.file.InputFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
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

  @Mixin BatchOptions batch = new BatchOptions();

  @Mixin FailOn failOn = new FailOn();

  @Mixin AnswerLength length = new AnswerLength();

  @Mixin ModelOptions models = new ModelOptions();

  @Mixin PageOptions result = new PageOptions();

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
    PatchMethod method = map.equals("none") ? null : method(map);
    String given =
        thresholds == null
            ? null
            : file("--thresholds", thresholds, "Name a file that `lynceus calibrate` wrote.");
    OutputFile page = result.page(PAGE, console);
    if (asked == null) {
      return many(Objects.requireNonNull(dataset), how, method, given, failing, page);
    }
    batch.requireNone();
    return one(asked, how, method, given, failing, page);
  }

  private int one(
      QuestionArguments.Asked asked,
      InternalConfidence.Reading how,
      @Nullable PatchMethod method,
      @Nullable String given,
      Set<Verdict> failing,
      @Nullable OutputFile page) {
    List<NamedBox> things =
        boxes == null
            ? List.of()
            : NamedBox.parse(file("--boxes", boxes, "Name a JSON file."), "the file of --boxes");
    Evidence found;
    List<SeenView> views;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel model = models.load(progress)) {
      List<Picture> pictures = asked.pictures(model);
      Prompt prompt = arguments.prompt(model, asked, pictures, progress);
      EvidenceOptions options =
          new EvidenceOptions(
              how,
              length.of(model, prompt),
              limits(model, how, given),
              away,
              projection(model),
              method,
              things,
              askClaims);
      EvidenceExplainer explainer = new EvidenceExplainer(model, options, progress);
      found = answer == null ? explainer.explain(prompt) : explainer.explain(prompt, answer);
      found = found.testedBy(test(found));
      Notes.unfinished(prompt, found.answer()).ifPresent(progress::note);
      views = pictures.isEmpty() ? List.of() : model.views(pictures);
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

  /// The command that tests the word which the headline is about.
  private String test(Evidence found) {
    if (found.headline().words().isEmpty()) {
      return "";
    }
    String word = found.words().get(found.headline().words().getFirst()).text();
    return answer == null
        ? arguments.line("occlude", word, models.model)
        : arguments.line("occlude", "", models.model) + " --answer " + Console.quoted(answer);
  }

  private int many(
      Path dataset,
      InternalConfidence.Reading how,
      @Nullable PatchMethod method,
      @Nullable String given,
      Set<Verdict> failing,
      @Nullable OutputFile page) {
    if (!arguments.words.isEmpty()
        || answer != null
        || away != null
        || boxes != null
        || arguments.raw
        || !arguments.start.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a question, --answer, --start, --raw, --boxes and --project-away do not go with --dataset",
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
    return model.checkpoint().revision().orElse(model.checkpoint().fingerprint());
  }

  private @Nullable ProjectAway projection(LoadedModel model) {
    int layers = model.model().decoder().config().layers();
    ProjectAway standard = ProjectAway.standard(layers);
    ProjectAway chosen =
        new ProjectAway(
            textLayer == null ? standard.textLayer() : textLayer,
            imageLayer == null ? standard.imageLayer() : imageLayer,
            strength == null ? standard.strength() : strength);
    chosen.check(layers);
    return chosen;
  }

  private static PatchMethod method(String name) {
    List<PatchMethod> methods = PatchMethod.named(name);
    if (methods.size() != 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--map " + name + " names " + methods.size() + " maps",
          "Name one, for example " + EvidenceOptions.MAP + ", or none.");
    }
    return methods.getFirst();
  }

  private static String file(String option, String name, String hint) {
    try {
      return InputFile.REQUEST.text(InputFile.REQUEST.path(name));
    } catch (LynceusException e) {
      throw new LynceusException(ErrorCode.BAD_REQUEST, option + " " + e.getMessage(), hint, e);
    }
  }
}
