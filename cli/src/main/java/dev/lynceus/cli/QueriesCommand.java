package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Spoken;
import dev.lynceus.method.TargetSpec;
import dev.lynceus.method.query.MatchQueries;
import dev.lynceus.method.query.QueryControl;
import dev.lynceus.method.query.QueryDetail;
import dev.lynceus.method.query.QueryReading;
import dev.lynceus.method.query.QueryRemoval;
import dev.lynceus.model.catalog.Purpose;
import dev.lynceus.report.MatchQueriesPage;
import dev.lynceus.report.QueriesPage;
import dev.lynceus.request.QueriesRequest;
import dev.lynceus.request.ReadQueries;
import dev.lynceus.request.Running;
import dev.lynceus.request.Task;
import dev.lynceus.run.LoadedMatcher;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.MatchText;
import dev.lynceus.run.Sight;
import java.awt.image.BufferedImage;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus queries`: what the queries of a Q-Former look at, and what a word loses without each.
@Command(
    name = "queries",
    header = "Show what each query of a Q-Former looks at, and what the answer loses without it.",
    description = {
      "",
      "For BLIP-2 and InstructBLIP, whose visual tokens are queries that read the whole picture.",
      "A query that looks at a place need not take anything from it: the answer's map weighs each",
      "query's look by what the word loses without it. The queries whose findings are worth most are also",
      "taken away together, beside as many at random. Of a BLIP-2 for matching, QUESTION is the text: shown is",
      "which queries are for a match, and what the verdict loses without each.",
      ""
    },
    sortOptions = false)
final class QueriesCommand implements Callable<Integer> {
  private static final String PAGE = "lynceus-queries.html";

  private final Console console;

  @Mixin QuestionArguments arguments = new QuestionArguments();

  @Mixin KeyWordOptions about = new KeyWordOptions();

  @Mixin AnswerLength length = new AnswerLength();

  @Option(
      names = "--draws",
      defaultValue = "32",
      paramLabel = "N",
      description =
          "Random draws beside the queries that are worth most. Default: ${DEFAULT-VALUE}.")
  int draws = 32;

  @Option(
      names = "--seed",
      defaultValue = "0",
      paramLabel = "N",
      description = "Of the random draws. Default: ${DEFAULT-VALUE}.")
  long seed;

  @Mixin ModelOptions models = new ModelOptions();
  @Mixin PageOptions result = new PageOptions();
  @Mixin RequestOptions written = new RequestOptions();
  @Mixin CommonOptions common = new CommonOptions();

  QueriesCommand(Console console) {
    this.console = console;
  }

  /// What becomes JSON.
  record Told(
      String model,
      String revision,
      String dtype,
      String question,
      String answer,
      String word,
      String command,
      QueryReading queries,
      QueryDetail detail,
      QueryControl control) {}

  /// What becomes JSON of a model for matching.
  record Matched(
      String model,
      String revision,
      String dtype,
      String picture,
      String text,
      String command,
      MatchQueries queries) {}

  @Override
  public Integer call() {
    TargetSpec spec = about.spec();
    QueryControl.Options control = new QueryControl.Options(draws, seed);
    QuestionArguments.Asked asked = arguments.read();
    if (models.purpose() == Purpose.MATCHES) {
      return matched(asked, control);
    }
    QueriesRequest request =
        new QueriesRequest(
            models.spec(), arguments.question(asked), spec, draws, seed, length.given());
    if (written.wrote(request, result.force, console)) {
      return 0;
    }
    OutputFile page = result.page(PAGE, console);
    Told told;
    BufferedImage seen;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel model = models.load(progress)) {
      Task<ReadQueries> task = Task.of(model, request, asked.from());
      task.prompt().outside().forEach(progress::note);
      ReadQueries found =
          task.run(Running.QUIET.watched(progress).command(console.commandLine())).value();
      told =
          new Told(
              model.name(),
              model.checkpoint().version(),
              model.computeType().toString(),
              task.prompt().question().isEmpty() ? task.prompt().text() : task.prompt().question(),
              found.answer(),
              found.word(),
              console.commandLine(),
              found.queries(),
              found.detail(),
              found.control());
      seen = task.pictures().getFirst().onlyView().seen().toBufferedImage();
    }
    if (page != null) {
      page.write(
          QueriesPage.html(
              new QueriesPage.About(told.question, told.answer, told.word, told.model),
              told.queries,
              told.detail,
              told.control,
              seen,
              told.command));
    }
    result.give(console, page, () -> text(told), told);
    return 0;
  }

  private int matched(QuestionArguments.Asked asked, QueryControl.Options control) {
    if (arguments.raw
        || !arguments.start.isEmpty()
        || !arguments.before.isEmpty()
        || !asked.frames().isEmpty()
        || about.target != null
        || about.nextToken
        || length.given != null) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a model for matching reads a text beside a picture, and writes no answer",
          "Leave out --raw, --start, --video, --target, --next-token and --max-tokens.");
    }
    if (asked.images().size() != 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "queries are read of one picture, and there are " + asked.images().size(),
          "Give one picture and one text.");
    }
    OutputFile page = result.page(PAGE, console);
    Matched told;
    BufferedImage seen;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedMatcher model = models.loadMatcher(progress)) {
      MatchQueries.requireFormer(model);
      String name = QuestionArguments.name(asked.files().getFirst());
      MatchText words = model.words(asked.question());
      try (Sight sight = model.look(model.picture(name, asked.images().getFirst()))) {
        told =
            new Matched(
                model.name(),
                model.checkpoint().version(),
                model.computeType().toString(),
                name,
                asked.question(),
                console.commandLine(),
                MatchQueries.of(model, sight, words, control, progress));
        seen = sight.picture().onlyView().seen().toBufferedImage();
      }
    }
    if (page != null) {
      page.write(MatchQueriesPage.html(told.model, told.text, told.queries, seen, told.command));
    }
    result.give(console, page, () -> text(told), told);
    return 0;
  }

  private static String text(Matched told) {
    MatchQueries queries = told.queries;
    TextTable table =
        new TextTable()
            .row("query", "margin", "uncounted", "gone", "cosine", "uncounted", "looks most at");
    for (int query : queries.byVerdict()) {
      table.row(
          Integer.toString(query),
          Spoken.signed(queries.verdicts()[query]),
          Spoken.signed(queries.uncounted()[query]),
          Spoken.signed(queries.gone()[query]),
          Spoken.signed(queries.cosines()[query]),
          Spoken.signed(queries.uncountedCosine()[query]),
          queries.most(query));
    }
    return queries.conclusion()
        + "\n"
        + queries.control().conclusion("the mean margin of the others")
        + "\n"
        + queries.detail().differentSentence()
        + "\n\nmargin and cosine of each query; after each, how the model's changes without it\n"
        + table;
  }

  private static String text(Told told) {
    QueryReading queries = told.queries;
    TextTable table =
        new TextTable()
            .row("query", "projected", "output", "embedding", "on class", "looks most at");
    for (int query : queries.byWorth()) {
      table.row(
          Integer.toString(query),
          Spoken.signed(queries.changes(QueryRemoval.PROJECTED)[query]),
          Spoken.signed(queries.changes(QueryRemoval.OUTPUT)[query]),
          Spoken.signed(queries.changes(QueryRemoval.EMBEDDING)[query]),
          Spoken.percent(queries.classShare()[query]),
          queries.most(query));
    }
    return told.answer
        + "\n\n"
        + queries.conclusion(told.word)
        + "\n"
        + told.control.conclusion("the log probability of “" + told.word + "”")
        + "\n"
        + told.detail.differentSentence()
        + "\n\nchange of the log probability, nats, when a query is taken away in three ways\n"
        + table;
  }
}
