package dev.lynceus.cli;

import dev.lynceus.method.KeyWord;
import dev.lynceus.method.Spoken;
import dev.lynceus.method.TargetSpec;
import dev.lynceus.method.causal.Job;
import dev.lynceus.method.query.QueryReading;
import dev.lynceus.method.query.QueryRemoval;
import dev.lynceus.model.Picture;
import dev.lynceus.report.QueriesPage;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `lynceus queries`: what the queries of a Q-Former look at, and what a word loses without each.
@Command(
    name = "queries",
    header = "Show what each query of a Q-Former looks at, and what the answer loses without it.",
    description = {
      "",
      "For BLIP-2 and InstructBLIP, whose visual tokens are queries that read the whole picture.",
      "A query that looks at a place need not take anything from it: the answer's map weighs each",
      "query's look by what the word loses without it.",
      ""
    },
    sortOptions = false)
final class QueriesCommand implements Callable<Integer> {
  private static final String PAGE = "lynceus-queries.html";

  private final Console console;

  @Mixin QuestionArguments arguments = new QuestionArguments();

  @Mixin KeyWordOptions about = new KeyWordOptions();

  @Mixin AnswerLength length = new AnswerLength();
  @Mixin ModelOptions models = new ModelOptions();
  @Mixin PageOptions result = new PageOptions();
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
      QueryReading queries) {}

  @Override
  public Integer call() {
    TargetSpec spec = about.spec();
    QuestionArguments.Asked asked = arguments.read();
    OutputFile page = result.page(PAGE, console);
    Told told;
    BufferedImage seen;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel model = models.load(progress)) {
      QueryReading.capture(model);
      List<Picture> pictures = asked.pictures(model);
      Prompt prompt = arguments.prompt(model, asked, pictures, progress);
      KeyWord found = KeyWord.find(model, prompt, spec, length.of(model, prompt));
      try (Run run = model.run(found.prompt(), QueryReading.capture(model))) {
        told =
            new Told(
                model.name(),
                model.checkpoint().revision().orElse(model.checkpoint().fingerprint()),
                model.computeType().toString(),
                prompt.question().isEmpty() ? prompt.text() : prompt.question(),
                found.answer(),
                found.target().text(),
                console.commandLine(),
                QueryReading.of(run, found.target().aims().getFirst().id(), Job.told(progress)));
      }
      seen = pictures.getFirst().onlyView().seen().toBufferedImage();
    }
    if (page != null) {
      page.write(
          QueriesPage.html(
              new QueriesPage.About(told.question, told.answer, told.word, told.model),
              told.queries,
              seen,
              told.command));
    }
    result.give(console, page, () -> text(told), told);
    return 0;
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
        + "\n\nchange of the log probability, nats, when a query is taken away in three ways\n"
        + table;
  }
}
