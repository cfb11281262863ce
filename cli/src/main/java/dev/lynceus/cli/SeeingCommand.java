package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.KeyWord;
import dev.lynceus.method.SeeingHeadStore;
import dev.lynceus.method.SeeingHeads;
import dev.lynceus.method.TargetSpec;
import dev.lynceus.method.score.SeeingScreen;
import dev.lynceus.method.score.Share;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.tensor.file.InputFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus seeing`: the few heads through which a model sees.
@Command(
    name = "seeing",
    header = "Find the few heads through which a model sees; explanations then map by them.",
    description = {
      "",
      "With --dataset the heads are found by blanking parts of your own pictures and reading how far",
      "the answers' words fall, checked on every other question, and kept for this checkpoint.",
      "Without it, tells the heads that are kept.",
      ""
    },
    sortOptions = false)
final class SeeingCommand implements Callable<Integer> {
  private final Console console;

  @Mixin ModelOptions models = new ModelOptions();

  @Option(
      names = "--dataset",
      paramLabel = "FILE",
      description = {
        "Lines of JSON with image, question and, if wanted, target (see docs/how-to/compare.md).",
        "or another data set, see docs/reference/data.md. Sixty questions of the kinds that you mean to",
        "ask do."
      })
  @Nullable String dataset;

  @Option(names = "--limit", paramLabel = "N", description = "Only the first N lines.")
  int limit = Integer.MAX_VALUE;

  @Option(
      names = "--blankings",
      defaultValue = "32",
      paramLabel = "N",
      description = "Parts of each picture that are blanked. Default: ${DEFAULT-VALUE}.")
  int blankings;

  @Option(
      names = "--heads",
      defaultValue = "8",
      paramLabel = "N",
      description = "How many heads. Default: ${DEFAULT-VALUE}.")
  int heads;

  @Option(
      names = "--seed",
      defaultValue = "0",
      paramLabel = "N",
      description = "Of the blanked parts. Default: ${DEFAULT-VALUE}.")
  long seed;

  @Mixin AnswerLength length = new AnswerLength();

  @Option(names = "--dry-run", description = "Find them, but do not keep them.")
  boolean dryRun;

  @Mixin DatasetOptions datasets = new DatasetOptions();

  @Mixin ResultOptions result = new ResultOptions();
  @Mixin CommonOptions common = new CommonOptions();

  SeeingCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    SeeingScreen.Settings settings = new SeeingScreen.Settings(blankings, heads, seed);
    List<CompareQuestion> questions =
        dataset == null
            ? List.of()
            : CompareQuestion.read(InputFile.REQUEST.path(dataset), limit, datasets, console);
    if (dataset != null && !dryRun) {
      SeeingHeadStore.fromEnvironment().ready();
    }
    SeeingHeads found;
    String where;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel model = models.load(progress)) {
      if (dataset == null) {
        found = SeeingHeadStore.kept(model).orElseThrow(() -> unknown(model));
        where = "kept";
      } else {
        found = find(model, questions, settings, progress);
        where = dryRun ? "not kept" : "kept in " + SeeingHeadStore.fromEnvironment().keep(found);
      }
    }
    String told = where;
    result.give(console, () -> text(found, told), () -> found);
    return 0;
  }

  private SeeingHeads find(
      LoadedModel model,
      List<CompareQuestion> questions,
      SeeingScreen.Settings settings,
      ProgressLine progress) {
    List<KeyWord> words = new ArrayList<>();
    for (CompareQuestion question : questions) {
      Prompt prompt =
          model.prompt(question.asked().question(), question.asked().pictures(model), "");
      TargetSpec spec =
          question.target() == null
              ? new TargetSpec.OwnAnswer()
              : new TargetSpec.Word(question.target());
      words.add(KeyWord.find(model, prompt, spec, length.of(model, prompt)));
      progress.at("answers", words.size(), questions.size());
    }
    return new SeeingScreen(model, settings, progress)
        .find(words, QuestionArguments.name(Path.of(String.valueOf(dataset))), Version.lynceus());
  }

  private static LynceusException unknown(LoadedModel model) {
    return new LynceusException(
        ErrorCode.BAD_REQUEST,
        "the heads through which " + model.name() + " sees were not found yet",
        "Find them with --dataset FILE, or explain without: all heads are read then.");
  }

  private static String text(SeeingHeads found, String where) {
    SeeingHeads.Screen screen = found.screen();
    StringBuilder text = new StringBuilder();
    text.append("seeing heads: ").append(found.text()).append(" (").append(where).append(")\n");
    text.append(
        "found on %d questions of %s, %d blanked parts of each picture, seed %d, by Lynceus %s%n%n"
            .formatted(
                screen.chosenOn(),
                screen.source(),
                screen.blankings(),
                screen.seed(),
                screen.version()));
    TextTable table = new TextTable().row("their map against what blanking does", "correlation");
    table.row("on the questions they were chosen on", Share.plain(screen.score()));
    if (screen.checkedOn() > 0) {
      String on = " on " + screen.checkedOn() + " other questions";
      table.row("these heads" + on, Share.plain(screen.checked()));
      table.row("as many drawn from the same layers" + on, Share.plain(screen.random()));
      table.row("all heads together" + on, Share.plain(screen.all()));
    }
    text.append(table).append('\n');
    TextTable alone = new TextTable().row("head", "alone");
    screen.candidates().stream()
        .limit(8)
        .forEach(one -> alone.row(one.head().text(), Share.plain(one.score())));
    return text.append(alone).toString();
  }
}
