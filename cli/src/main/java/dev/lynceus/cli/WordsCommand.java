package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.PatchViews;
import dev.lynceus.method.Spoken;
import dev.lynceus.method.words.Found;
import dev.lynceus.method.words.PseudoFeatures;
import dev.lynceus.method.words.WordReading;
import dev.lynceus.method.words.WordView;
import dev.lynceus.model.Picture;
import dev.lynceus.report.WordsPage;
import dev.lynceus.run.GenerationOptions;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.SeenView;
import dev.lynceus.tap.Capture;
import java.awt.image.BufferedImage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus words`: words of visual tokens.
@Command(
    name = "words",
    header = "Read words that hide in visual tokens in five ways, and put them in their place.",
    description = {
      "",
      "Views: embedding, the nearest input embeddings; lens, the unembedding at each depth; next, what",
      "the decoder expects there; head, visual words of a head of their own; context, the nearest states",
      "of words in texts. That a word can be read does not show that the model uses it: --replace puts",
      "words in the place of patches and asks again.",
      ""
    },
    sortOptions = false)
final class WordsCommand implements Callable<Integer> {
  private static final String PAGE = "lynceus-words.html";

  /// Words that the terminal lists of each view.
  private static final int MOST_COMMON = 6;

  private final Console console;

  @Mixin QuestionArguments arguments = new QuestionArguments();
  @Mixin WordViewOptions views = new WordViewOptions();

  @Option(
      names = "--search",
      paramLabel = "WORD",
      description = "Also show where this word is: its score at every patch.")
  @Nullable String search;

  @Option(
      names = "--top",
      defaultValue = "5",
      paramLabel = "N",
      description = "Words of each patch. Default: ${DEFAULT-VALUE}.")
  int top = 5;

  @Option(
      names = "--replace",
      description = {
        "Also ask again with words, and states of texts, in the place of patches, beside controls that",
        "should take the picture away."
      })
  boolean replace;

  @Option(
      names = "--seed",
      defaultValue = "0",
      paramLabel = "N",
      description = "Of how words are dealt out for a control. Default: ${DEFAULT-VALUE}.")
  long seed;

  @Mixin AnswerLength length = new AnswerLength();
  @Mixin ModelOptions models = new ModelOptions();
  @Mixin PageOptions result = new PageOptions();
  @Mixin CommonOptions common = new CommonOptions();

  WordsCommand(Console console) {
    this.console = console;
  }

  /// What becomes JSON.
  ///
  /// @param search the word that was searched for; null without one
  /// @param replaced what becomes of the answer with words in the place of patches; null where that
  ///   was not asked for
  /// @param left what was left out, and why
  record Told(
      String question,
      String answer,
      @Nullable String search,
      WordReading reading,
      PseudoFeatures.@Nullable Result replaced,
      List<String> left) {}

  @Override
  public Integer call() {
    if (top < 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, "--top " + top + " words", "Ask for at least one word.");
    }
    views.kinds();
    QuestionArguments.Asked asked = arguments.read();
    OutputFile page = result.page(PAGE, console);
    Told told;
    String name;
    List<BufferedImage> seen;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel model = models.load(progress)) {
      List<Picture> pictures = asked.pictures(model);
      Prompt prompt = arguments.prompt(model, asked, pictures, progress);
      // Before the texts of the contextual lens are passed, which takes longest.
      PatchViews.requireAmongWords(model.model(), "words to be read from");
      PatchViews.of(model, prompt, "to read words from");
      OptionalInt id = searched(model);
      name = model.name();
      seen =
          model.views(pictures).stream()
              .map(SeenView::seen)
              .map(one -> one.toBufferedImage())
              .toList();
      int tokens = length.of(model, prompt);
      try (WordViewOptions.Opened opened = views.open(model, progress)) {
        boolean surprises = opened.head().isPresent();
        WordReading reading =
            WordReading.of(
                model,
                prompt,
                new WordReading.Plan(
                    opened.views(),
                    top,
                    id,
                    surprises
                        ? Optional.<WordView.Distribution>of(opened.words())
                        : Optional.empty(),
                    views.all() ? WordReading.Absent.LEFT_OUT : WordReading.Absent.REFUSED));
        PseudoFeatures.Result replaced =
            replace
                ? new PseudoFeatures(tokens, seed)
                    .of(model, prompt, opened.words(), opened.contexts(), progress)
                : null;
        told =
            new Told(
                prompt.question().isEmpty() ? prompt.text() : prompt.question(),
                replaced == null ? answer(model, prompt, tokens) : replaced.answer(),
                search,
                reading,
                replaced,
                Stream.concat(opened.notes().stream(), reading.left().stream()).toList());
      }
    }
    if (page != null) {
      page.write(
          WordsPage.html(
              new WordsPage.About(
                  told.question, told.answer, name, search == null ? "" : search, told.left),
              told.reading,
              seen,
              Optional.ofNullable(told.replaced),
              console.commandLine()));
    }
    Told given = told;
    result.give(console, page, () -> text(given), given);
    return 0;
  }

  private static String answer(LoadedModel model, Prompt prompt, int tokens) {
    try (var made = model.generate(prompt, GenerationOptions.greedy(tokens), Capture.NONE)) {
      return made.answer().text();
    }
  }

  private OptionalInt searched(LoadedModel model) {
    if (search == null) {
      return OptionalInt.empty();
    }
    List<Integer> ids = search.isBlank() ? List.of() : model.tokenizer().wordIds(search);
    if (ids.size() != 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "'%s' is %d tokens of this model, and one can be searched for"
              .formatted(search, ids.size()),
          "Give a word that is one token, or the beginning of this one.");
    }
    return OptionalInt.of(ids.getFirst());
  }

  private static String text(Told told) {
    StringBuilder text = new StringBuilder(told.answer.strip()).append("\n");
    for (WordReading.Seen picture : told.reading.pictures()) {
      TextTable table =
          new TextTable().row("view", "best words of its patches, the most common first");
      for (WordReading.Read read : picture.reads()) {
        table.row(read.view(), common(read));
      }
      text.append("\n").append(picture.name()).append("\n").append(table);
      for (WordReading.Read read : picture.reads()) {
        if (!read.found().isEmpty()) {
          text.append("\n“%s” by %s: %s".formatted(told.search, read.view(), best(read, picture)));
        }
      }
    }
    if (told.replaced != null) {
      TextTable table =
          new TextTable().row("in the place of patches", "", "change, nats", "it says");
      for (PseudoFeatures.Row row : told.replaced.rows()) {
        table.row(
            row.name(),
            row.control() ? "control" : "",
            Spoken.signed(row.change()),
            row.same() ? "the same" : row.said());
      }
      text.append("\n").append(table);
    }
    told.left.forEach(note -> text.append("\nleft out: ").append(note));
    return text.append("\n").toString();
  }

  private static String common(WordReading.Read read) {
    Map<String, Integer> count = new HashMap<>();
    for (List<Found> row : read.words()) {
      count.merge(row.getFirst().word().strip(), 1, Integer::sum);
    }
    return count.entrySet().stream()
        .sorted(
            Map.Entry.<String, Integer>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(MOST_COMMON)
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .collect(Collectors.joining(", "));
  }

  private static String best(WordReading.Read read, WordReading.Seen picture) {
    int best = -1;
    for (int patch = 0; patch < read.found().size(); patch++) {
      double value = read.found().get(patch);
      if (!Double.isNaN(value) && (best < 0 || value > read.found().get(best))) {
        best = patch;
      }
    }
    return best < 0
        ? "no text has it"
        : "most at %s, %s"
            .formatted(
                Spoken.patch(best, picture.columns()), Spoken.number(read.found().get(best)));
  }
}
