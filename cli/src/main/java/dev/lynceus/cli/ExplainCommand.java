package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Additive;
import dev.lynceus.method.ExplainOptions;
import dev.lynceus.method.Explanation;
import dev.lynceus.method.Finding;
import dev.lynceus.method.dependence.Dependence;
import dev.lynceus.report.DependencePage;
import dev.lynceus.report.ExplanationPage;
import dev.lynceus.report.MapImages;
import dev.lynceus.report.PagePicture;
import dev.lynceus.request.ExplainRequest;
import dev.lynceus.request.Running;
import dev.lynceus.request.Task;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.SeenView;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
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

  @Mixin RequestOptions written = new RequestOptions();
  @Mixin CommonOptions common = new CommonOptions();

  ExplainCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    QuestionArguments.Asked asked = arguments.read();
    ExplainRequest request = request(asked);
    if (written.wrote(request, force, console)) {
      return 0;
    }
    OutputFile page = page(asked);
    if (png) {
      OutputFile.checkFolder(mapsFolder(asked, page).toString());
    }
    Finding found;
    List<PagePicture> drawn;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel model = models.load(progress)) {
      Task<Finding> task = Task.of(model, request, asked.from());
      drawn = model.views(task.pictures()).stream().map(ExplainCommand::drawn).toList();
      task.prompt().outside().forEach(progress::note);
      if (png && !Additive.holds(model.model().decoder())) {
        throw ExplainRequest.needsShares("--png");
      }
      found = task.run(running(progress)).value();
      if (found instanceof Explanation explanation) {
        explanation.answer().notes().forEach(progress::note);
        Notes.unfinished(task.prompt(), explanation.answer().text()).ifPresent(progress::note);
      }
    }
    if (found instanceof Dependence dependence) {
      give(dependence, drawn, page);
    } else if (found instanceof Explanation explanation) {
      give(explanation, drawn, asked, page);
    }
    return 0;
  }

  /// What is asked.
  private ExplainRequest request(QuestionArguments.Asked asked) {
    ExplainRequest request =
        new ExplainRequest(
            models.spec(),
            arguments.question(asked),
            targets.target(),
            words == null ? OptionalInt.empty() : OptionalInt.of(words),
            heads,
            patches(),
            method == null ? List.of() : Arrays.asList(method.split(",", -1)),
            check,
            length.given(),
            seed);
    request.requireKnown();
    return request;
  }

  private Running running(ProgressLine progress) {
    return Running.QUIET
        .watched(progress)
        .command(console.commandLine())
        .line((verb, word) -> arguments.line(verb, word, models.model));
  }

  private void give(
      Explanation explanation,
      List<PagePicture> drawn,
      QuestionArguments.Asked asked,
      @Nullable OutputFile page) {
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
  }

  /// Tells what the answer of a model depends on whose logits have no shares.
  private void give(Dependence found, List<PagePicture> drawn, @Nullable OutputFile page) {
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
