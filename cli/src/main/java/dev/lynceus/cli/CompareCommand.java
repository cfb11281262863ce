package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.KeyWord;
import dev.lynceus.method.SeeingHeadStore;
import dev.lynceus.method.TargetSpec;
import dev.lynceus.method.map.PatchMethod;
import dev.lynceus.method.reader.AnswerWord;
import dev.lynceus.method.score.Adviser;
import dev.lynceus.method.score.AdviserFit;
import dev.lynceus.method.score.Comparer;
import dev.lynceus.method.score.Comparison;
import dev.lynceus.method.score.Tally;
import dev.lynceus.method.score.Truth;
import dev.lynceus.report.ComparisonPage;
import dev.lynceus.request.CompareRequest;
import dev.lynceus.request.Running;
import dev.lynceus.request.Task;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Progress;
import dev.lynceus.run.Prompt;
import dev.lynceus.tensor.file.InputFile;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus compare`: methods that map a picture, side by side.
@Command(
    name = "compare",
    header = "Explain one word by several methods, and judge them on equal terms.",
    description = {
      "",
      "Explains the word of the answer that the picture decides most, or --target.",
      "With --dataset the question stands in a file, and the numbers are means over its lines.",
      ""
    },
    sortOptions = false)
final class CompareCommand implements Callable<Integer> {
  private static final String PAGE = "lynceus-compare.html";

  private final Console console;

  @Mixin QuestionArguments arguments = new QuestionArguments();

  @Option(
      names = "--methods",
      defaultValue = "all",
      paramLabel = "NAMES",
      description =
          "Methods, separated by commas, or all; see docs/concepts/methods.md. Default: all.")
  String methods = "all";

  @Mixin KeyWordOptions about = new KeyWordOptions();

  @Option(
      names = "--view",
      defaultValue = "0",
      paramLabel = "N",
      description = "Which picture, or tile of it, where there are several. Default: 0.")
  int view;

  @Option(
      names = "--box",
      split = ",",
      paramLabel = "L,T,R,B",
      description = "Where the reason is, in pixels of the picture: adds the score against it.")
  int @Nullable [] box;

  @Option(
      names = "--dataset",
      paramLabel = "FILE",
      description = {
        "Lines of JSON with image, question and, if wanted, target and box (see docs/how-to/compare.md),",
        "such as questions.jsonl of `lynceus pupil world`; or another data set with pictures and",
        "questions, see docs/reference/data.md."
      })
  @Nullable String dataset;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "With --dataset: only the first N lines.")
  int limit = Integer.MAX_VALUE;

  @Option(
      names = "--items",
      paramLabel = "FILE",
      description = {
        "With --dataset: every map's numbers, one a line, to FILE: .csv, or .jsonl for lines of JSON."
      })
  @Written(Written.As.FILE)
  @Nullable String items;

  @Option(
      names = "--fit-adviser",
      paramLabel = "FILE",
      description = {
        "With --dataset, whose questions have boxes: learn which of the methods to trust, and how sure that",
        "is, and write it to FILE."
      })
  @Written(Written.As.FILE)
  @Nullable String fitted;

  @Option(
      names = "--adviser",
      paramLabel = "FILE",
      description = {
        "Says which map to trust: a file that --fit-adviser wrote. Default: that of the bundled model,",
        "none for others."
      })
  @Nullable String adviser;

  @Option(
      names = "--steps",
      defaultValue = "16",
      paramLabel = "N",
      description = "Points of the curves of deletion and insertion; 0 for none. Default: 16.")
  int steps;

  @Option(
      names = "--noises",
      defaultValue = "1",
      paramLabel = "N",
      description = "Noisy pictures that the maps are compared on; 0 for none. Default: 1.")
  int noises;

  @Option(
      names = "--noise",
      defaultValue = "0.02",
      paramLabel = "SIGMA",
      description = "Their noise, in the units of the normalised pixels. Default: 0.02.")
  double noise;

  @Option(
      names = "--seed",
      defaultValue = "0",
      paramLabel = "N",
      description = "Of chance and noise. Default: 0.")
  long seed;

  @Mixin AnswerLength length = new AnswerLength();

  @Mixin DatasetOptions datasets = new DatasetOptions();

  @Mixin ModelOptions models = new ModelOptions();

  @Mixin PageOptions result = new PageOptions();

  @Mixin RequestOptions written = new RequestOptions();

  @Mixin CommonOptions common = new CommonOptions();

  CompareCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    List<PatchMethod> chosen = PatchMethod.named(methods);
    Comparer.Settings settings = new Comparer.Settings(steps, noises, noise, seed);
    TargetSpec spec = about.spec();
    List<CompareQuestion> questions = questions();
    CompareRequest request = request(questions.getFirst(), spec);
    if (written.file != null && dataset != null) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--request is about one question, and --dataset has many",
          "Leave out one of them.");
    }
    if (written.wrote(request, result.force, console)) {
      return 0;
    }
    OutputFile page = result.page(PAGE, console);
    OutputFile taught = fitted == null ? null : OutputFile.checked(fitted, result.force, console);
    Adviser known = adviser == null ? null : read(adviser);
    OutputFile lines = items == null ? null : ItemLines.checked(items, result.force, console);
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel model = models.load(progress)) {
      if (dataset == null) {
        one(model, questions.getFirst(), request, known, progress, page);
      } else {
        many(
            model,
            questions,
            spec,
            new Comparer(model, PatchMethod.on(model.model(), chosen), settings, Progress.NONE),
            progress,
            page,
            lines,
            taught);
      }
    }
    if (page != null && !result.json) {
      console.out().println("page: " + page.path());
    }
    console.out().flush();
    return 0;
  }

  private static Adviser read(String file) {
    return Adviser.parse(InputFile.REQUEST.text(InputFile.REQUEST.path(file)), file);
  }

  private List<CompareQuestion> questions() {
    if (dataset == null) {
      if (fitted != null) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "--fit-adviser learns from many questions",
            "Name them with --dataset; their boxes say what is right.");
      }
      if (items != null) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "--items is of many questions",
            "Name them with --dataset, or read the numbers of one with --json.");
      }
      QuestionArguments.Asked asked = arguments.read();
      return List.of(
          new CompareQuestion(
              asked,
              null,
              "",
              box == null || asked.images().isEmpty()
                  ? Truth.NONE
                  : Truth.box(CompareQuestion.region(box, "--box", asked.images().getFirst()))));
    }
    if (adviser != null) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, "--adviser is about one question", "Leave it out, or --dataset.");
    }
    if (!arguments.words.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a question and --dataset exclude each other",
          "Leave out the picture and the question, or --dataset.");
    }
    return CompareQuestion.read(InputFile.REQUEST.path(dataset), limit, datasets, console);
  }

  /// What is asked of one question.
  private CompareRequest request(CompareQuestion question, TargetSpec spec) {
    boolean known = box != null && question.truth().known();
    return new CompareRequest(
        models.spec(),
        arguments.question(question.asked()),
        spec,
        methods.equals("all") ? List.of() : List.of(methods.split(",", -1)),
        view,
        known ? IntStream.of(box).boxed().toList() : List.of(),
        steps,
        noises,
        noise,
        seed,
        length.given());
  }

  private void one(
      LoadedModel model,
      CompareQuestion question,
      CompareRequest request,
      @Nullable Adviser known,
      ProgressLine progress,
      @Nullable OutputFile page) {
    if (known != null) {
      known.fitting(SeeingHeadStore.revision(model));
    }
    Task<Comparison> task = Task.of(model, request, question.asked().from());
    Running running =
        Running.QUIET
            .watched(progress)
            .command(console.commandLine())
            .notes(note -> {
              if (!common.quiet) {
                console.err().println("lynceus: " + note);
              }
            });
    Comparison measured = task.run(running).value();
    Comparison found = known == null ? measured : measured.advised(known.advise(measured));
    if (page != null) {
      page.write(
          ComparisonPage.html(
              found,
              model.views(task.pictures()).get(view).seen().toBufferedImage(),
              console.commandLine()));
    }
    console
        .out()
        .print(result.json ? ResultOptions.json(console, found) + "\n" : CompareText.of(found));
  }

  private void many(
      LoadedModel model,
      List<CompareQuestion> questions,
      TargetSpec spec,
      Comparer comparer,
      ProgressLine progress,
      @Nullable OutputFile page,
      @Nullable OutputFile lines,
      @Nullable OutputFile taught) {
    List<Comparison> all = new ArrayList<>();
    for (CompareQuestion question : questions) {
      progress.at("questions", all.size(), questions.size());
      Prompt prompt = arguments.prompt(model, question.asked(), question.asked().pictures(model));
      TargetSpec own = question.target() == null ? spec : new TargetSpec.Word(question.target());
      KeyWord word = AnswerWord.find(model, prompt, own, length.of(model, prompt));
      all.add(comparer.compare(word, view, question.truth()));
    }
    Tally tally = Tally.of(all).ranked();
    Adviser learnt = taught == null ? null : learnt(model, questions, all);
    if (taught != null && learnt != null) {
      taught.write(learnt.json());
    }
    if (lines != null) {
      List<CompareItem> rows = new ArrayList<>();
      for (int i = 0; i < all.size(); i++) {
        rows.addAll(CompareItem.of(i, questions.get(i), all.get(i)));
      }
      lines.write(ItemLines.of(lines.path(), rows, ItemLines.about(model)));
    }
    if (page != null) {
      page.write(ComparisonPage.html(tally, console.commandLine()));
    }
    console
        .out()
        .print(
            result.json
                ? ResultOptions.json(console, tally) + "\n"
                : CompareText.of(tally) + (learnt == null ? "" : CompareText.of(learnt)));
  }

  private static Adviser learnt(
      LoadedModel model, List<CompareQuestion> questions, List<Comparison> all) {
    List<AdviserFit.Case> cases = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      cases.add(new AdviserFit.Case(all.get(i), questions.get(i).asked().files().toString()));
    }
    return AdviserFit.of(SeeingHeadStore.revision(model), cases);
  }
}
