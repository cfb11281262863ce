package dev.lynceus.cli;

import dev.lynceus.method.Spoken;
import dev.lynceus.method.reader.MaskedWords;
import dev.lynceus.method.reader.PassageReading;
import dev.lynceus.report.ReadPage;
import dev.lynceus.request.Pictures;
import dev.lynceus.request.ReadRequest;
import dev.lynceus.request.ReadText;
import dev.lynceus.request.Running;
import dev.lynceus.request.Task;
import dev.lynceus.run.LoadedModel;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus read`: the answer to a question that a passage holds, or the words that were taken out
/// of a text.
@Command(
    name = "read",
    header = "Find the answer in a passage, or say the words that were taken out of a text.",
    description = {
      "",
      "For models that read (BERT, ELECTRA, ALBERT). An answer is a piece of the passage, cut out of it",
      "by the characters that its tokens stand for. With --masked a text stands in the place of the",
      "question: the words for each [MASK] in it, or, where there is none, how probable each of its",
      "words is when it alone is taken out.",
      ""
    },
    sortOptions = false)
final class ReadCommand implements Callable<Integer> {
  private static final String PAGE = "lynceus-read.html";

  private final Console console;

  @Mixin PassageArguments arguments = new PassageArguments();

  @Option(
      names = "--masked",
      description = "Say the words that were taken out of the text; for masked language models.")
  boolean masked;

  @Option(
      names = "--top",
      defaultValue = "5",
      paramLabel = "N",
      description = "Answers, or words of a place, that are shown. Default: ${DEFAULT-VALUE}.")
  int top = 5;

  @Option(
      names = "--null-threshold",
      paramLabel = "X",
      description = {
        "The passage may hold no answer: none is given where the score of none passes that of the best",
        "answer by more than X. Default: there is always an answer."
      })
  @Nullable Double threshold;

  @Mixin ModelOptions models = new ModelOptions();
  @Mixin PageOptions result = new PageOptions();
  @Mixin RequestOptions written = new RequestOptions();
  @Mixin CommonOptions common = new CommonOptions();

  ReadCommand(Console console) {
    this.console = console;
  }

  /// What becomes JSON.
  ///
  /// @param question empty where words were taken out
  /// @param text the passage, or the text
  /// @param answer the piece, none where the passage holds no answer; null where words were taken
  ///   out
  /// @param reading of a passage
  /// @param places that words were taken out of
  /// @param words how probable each word of a whole text is
  record Told(
      String model,
      String revision,
      String dtype,
      String question,
      String text,
      @Nullable String answer,
      @Nullable PassageReading reading,
      List<MaskedWords.Place> places,
      List<MaskedWords.Said> words,
      String command) {}

  @Override
  public Integer call() {
    String first = masked ? arguments.only() : arguments.question();
    String passage = masked ? first : arguments.passage();
    ReadRequest request =
        new ReadRequest(
            models.spec(),
            masked ? PassageArguments.asked(first) : PassageArguments.asked(first, passage),
            masked,
            top,
            Optional.ofNullable(threshold),
            arguments.windows());
    if (written.wrote(request, result.force, console)) {
      return 0;
    }
    OutputFile page = result.page(PAGE, console);
    Told told;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel model = models.load(progress)) {
      ReadText found =
          Task.of(model, request, Pictures.files())
              .run(Running.QUIET.watched(progress).command(console.commandLine()))
              .value();
      told =
          new Told(
              model.name(),
              model.checkpoint().version(),
              model.computeType().toString(),
              masked ? "" : first,
              passage,
              found.answer().orElse(null),
              found.reading().orElse(null),
              found.places(),
              found.words(),
              console.commandLine());
    }
    if (page != null) {
      page.write(
          ReadPage.html(
              new ReadPage.About(told.model, told.question, told.text, top),
              told.reading,
              told.places,
              told.words,
              told.command));
    }
    result.give(console, page, () -> text(told), told);
    return 0;
  }

  private String text(Told told) {
    StringBuilder text = new StringBuilder();
    if (told.reading != null) {
      text.append(told.reading.none() ? "no answer" : told.answer).append("\n\n");
      TextTable table = new TextTable().row("probability", "in window", "score", "answer");
      told.reading.answers().stream()
          .limit(top)
          .forEach(one ->
              table.row(
                  Spoken.percent(one.probability()),
                  Spoken.percent(one.inWindow()),
                  String.format(Locale.ROOT, "%.2f", one.score()),
                  one.text()));
      text.append(table);
      text.append(
          String.format(
              Locale.ROOT,
              "no answer: score %.2f; windows: %d%n",
              told.reading.nullScore(),
              told.reading.windows()));
    }
    for (MaskedWords.Place place : told.places) {
      text.append("position ").append(place.position()).append('\n');
      TextTable table = new TextTable().row("probability", "word");
      place.words().forEach(word -> table.row(Spoken.percent(word.probability()), word.text()));
      text.append(table).append('\n');
    }
    if (!told.words.isEmpty()) {
      TextTable table = new TextTable().row("log probability", "word");
      double sum = 0;
      for (MaskedWords.Said word : told.words) {
        table.row(Spoken.signed(word.logProbability()), word.text());
        sum += word.logProbability();
      }
      text.append(table).append("pseudo log likelihood: ").append(Spoken.nats(sum)).append('\n');
    }
    return text.toString();
  }
}
