package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Additive;
import dev.lynceus.method.ExplainOptions;
import dev.lynceus.method.Explainer;
import dev.lynceus.method.Explanation;
import dev.lynceus.method.Shown;
import dev.lynceus.method.dependence.Dependence;
import dev.lynceus.method.dependence.DependenceExplainer;
import dev.lynceus.method.dependence.DependenceOptions;
import dev.lynceus.method.evidence.Denials;
import dev.lynceus.method.evidence.HeadlineMaker;
import dev.lynceus.method.evidence.Thresholds;
import dev.lynceus.method.map.ExtraMaps;
import dev.lynceus.method.map.PatchMethod;
import dev.lynceus.method.score.MapCheck;
import dev.lynceus.model.Picture;
import dev.lynceus.pupil.BundledThresholds;
import dev.lynceus.report.DependencePage;
import dev.lynceus.report.ExplanationPage;
import dev.lynceus.report.MapImages;
import dev.lynceus.report.PagePicture;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.SeenView;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus explain`: asks, explains, writes the page.
@Command(
    name = "explain",
    header = "Answer a question about a picture and show what made the model say it.",
    description = {
      "",
      "Writes one HTML page that works offline, and prints its summary.",
      "With --json the whole explanation goes to stdout instead, and a page is written only",
      "if --output names it.",
      ""
    },
    sortOptions = false)
final class ExplainCommand implements Callable<Integer> {
  private final Console console;

  @Mixin QuestionArguments arguments = new QuestionArguments();
  @Mixin TargetOptions targets = new TargetOptions();
  @Mixin ModelOptions models = new ModelOptions();

  @Option(
      names = "--words",
      paramLabel = "N",
      description = {
        "Most words of the answer to explain. Default: 12, of a model of a billion parameters",
        "and more 3."
      })
  @Nullable Integer words;

  @Option(
      names = "--heads",
      defaultValue = "6",
      paramLabel = "N",
      description = {
        "Heads explained position by position in words; a model of up to 64 heads has all of them",
        "measured position by position. Default: ${DEFAULT-VALUE}."
      })
  int heads;

  @Option(
      names = "--patch-words",
      defaultValue = "some",
      paramLabel = "WHICH",
      description = {
        "Visual tokens that are read in words: all, none, or some: as many as cost little beside",
        "the answer, which are all of a small model. Default: ${DEFAULT-VALUE}."
      })
  String patchWords = "some";

  @Option(
      names = "--method",
      paramLabel = "NAMES",
      description = {
        "Also map the picture by these methods, separated by commas, or all; see docs/concepts/methods.md.",
        "Some take many passes a word; --target NAME or --words 1 keeps that short."
      })
  @Nullable String method;

  @Option(
      names = "--check",
      description = {
        "Test the first map of each word: blank the patches that hold half of it, and as many",
        "elsewhere. One more pass a word, and a few short ones."
      })
  boolean check;

  @Mixin AnswerLength length = new AnswerLength();

  @Option(
      names = "--seed",
      defaultValue = "0",
      paramLabel = "N",
      description =
          "Written into the result; only methods that draw at random (--method) depend on it.")
  long seed;

  @Written(Written.As.FILE)
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "The page. Default: lynceus-IMAGE.html in the current folder.")
  @Nullable String output;

  @Option(names = "--force", description = "Replace FILE even if Lynceus did not write it.")
  boolean force;

  @Option(
      names = "--png",
      description = "Also draw every map as PNG, and charts as PNG and SVG, into FILE-maps/.")
  boolean png;

  @Option(names = "--json", description = "Print the explanation as JSON.")
  boolean json;

  @Mixin CommonOptions common = new CommonOptions();

  ExplainCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    QuestionArguments.Asked asked = arguments.read();
    ExplainOptions options =
        ExplainOptions.DEFAULT
            .target(targets.target())
            .start(arguments.start)
            .heads(heads)
            .patches(patches())
            .seed(seed)
            .command(console.commandLine());
    if (words != null) {
      options = options.words(words);
    }
    List<PatchMethod> methods = methods();
    OutputFile page = page(asked);
    if (png) {
      OutputFile.checkFolder(mapsFolder(asked, page).toString());
    }
    Explanation explanation;
    List<PagePicture> drawn;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel model = models.load(progress)) {
      List<Picture> pictures = asked.pictures(model);
      drawn = model.views(pictures).stream().map(ExplainCommand::drawn).toList();
      Prompt prompt = arguments.prompt(model, asked, pictures, progress);
      if (!Additive.holds(model.model().decoder())) {
        dependence(model, prompt, drawn, page, progress);
        return 0;
      }
      Explainer explainer =
          new Explainer(model, options.maxTokens(length.of(model, prompt)), progress);
      explanation =
          new ExtraMaps(methods, seed).added(explainer.explain(prompt), model, prompt, progress);
      if (check) {
        explanation =
            new MapCheck(MapCheck.DRAWS, seed).added(explanation, model, prompt, progress);
      }
      Thresholds thresholds =
          BundledThresholds.of(explanation.provenance().revision()).orElse(null);
      // Of other models nobody measured what such a no is worth, and asking costs a pass.
      List<String> denials =
          thresholds == null
              ? List.of()
              : Denials.of(model, prompt, explanation.answer().text(), progress);
      explanation =
          new HeadlineMaker(
                  thresholds,
                  (verb, word) ->
                      targets.answer == null
                          ? arguments.line(verb, word, models.model)
                          : arguments.line(verb, "", models.model)
                              + " --answer "
                              + Console.quoted(targets.answer))
              .added(explanation, Shown.of(pictures), denials);
      explanation.answer().notes().forEach(progress::note);
      Notes.unfinished(prompt, explanation.answer().text()).ifPresent(progress::note);
    }
    if (page != null) {
      page.write(ExplanationPage.html(explanation, drawn));
    }
    Path maps = png ? mapsFolder(asked, page) : null;
    if (maps != null) {
      MapImages.write(maps, explanation, drawn);
    }
    console
        .out()
        .print(
            json
                ? ResultOptions.line(console, explanation) + "\n"
                : new ExplanationText(explanation).text());
    if (!json) {
      if (page != null) {
        console.out().println("page: " + page.path());
      }
      if (maps != null) {
        console.out().println("maps: " + maps);
      }
    }
    console.out().flush();
    return 0;
  }

  /// Tells what the answer of a model depends on whose logits have no shares.
  private void dependence(
      LoadedModel model,
      Prompt prompt,
      List<PagePicture> drawn,
      @Nullable OutputFile page,
      ProgressLine progress) {
    requirePlain();
    DependenceOptions options =
        new DependenceOptions(
            targets.target(),
            length.of(model, prompt),
            heads,
            DependenceOptions.DEFAULT.draws(),
            seed,
            console.commandLine());
    Dependence found = new DependenceExplainer(model, options, progress).explain(prompt);
    if (page != null) {
      String test =
          found.views().isEmpty()
              ? arguments.line("ablate", "", models.model)
              : arguments.line("knockout", found.word().text(), models.model);
      page.write(DependencePage.html(found, drawn.stream().map(PagePicture::seen).toList(), test));
    }
    console
        .out()
        .print(
            json
                ? ResultOptions.line(console, found) + "\n"
                : Visible.of(new DependenceText(found).text()));
    if (page != null && !json) {
      console.out().println("page: " + page.path());
    }
    console.out().flush();
  }

  /// Refuses what needs shares of a logit, or visual tokens among words.
  private void requirePlain() {
    String which =
        method != null
            ? "--method"
            : png
                ? "--png"
                : words != null ? "--words" : patchWords.equals("some") ? "" : "--patch-words";
    if (!which.isEmpty()) {
      throw new LynceusException(
          ErrorCode.UNSUPPORTED_MODEL,
          which
              + " is for models whose logits are sums of shares, and this one has norms between them",
          which.equals("--words")
              ? "Leave it out and name a word with --target: one is explained at a time."
              : "Leave it out; `lynceus compare` draws and judges the maps that this model has.");
    }
  }

  /// Baselines are for comparisons: among explanations they are made only where they are named.
  private List<PatchMethod> methods() {
    if (method == null) {
      return List.of();
    }
    return method.equals("all") ? PatchMethod.informed() : PatchMethod.named(method);
  }

  private ExplainOptions.PatchReading patches() {
    return switch (patchWords) {
      case "all" -> ExplainOptions.PatchReading.ALL;
      case "some" -> ExplainOptions.PatchReading.SHARE;
      case "none" -> ExplainOptions.PatchReading.NONE;
      default ->
          throw new LynceusException(
              ErrorCode.BAD_REQUEST,
              "--patch-words " + patchWords + " is none of all, some and none",
              "Give one of them.");
    };
  }

  private @Nullable OutputFile page(QuestionArguments.Asked asked) {
    if (output != null) {
      return OutputFile.checked(output, force, console);
    }
    return json ? null : OutputFile.checked(defaultName(asked) + ".html", force, console);
  }

  private static Path mapsFolder(QuestionArguments.Asked asked, @Nullable OutputFile page) {
    if (page == null) {
      return Path.of(defaultName(asked) + "-maps");
    }
    String name = QuestionArguments.name(page.path()).replaceFirst("\\.html?$", "");
    return page.path().resolveSibling(name + "-maps");
  }

  private static String defaultName(QuestionArguments.Asked asked) {
    if (asked.files().isEmpty()) {
      return asked.isBlind() ? "lynceus-text" : "lynceus-video";
    }
    return "lynceus-"
        + QuestionArguments.name(asked.files().getFirst()).replaceFirst("(?<=.)\\.[^.]*$", "");
  }

  private static PagePicture drawn(SeenView view) {
    return new PagePicture(view.original().toBufferedImage(), view.seen().toBufferedImage());
  }
}
