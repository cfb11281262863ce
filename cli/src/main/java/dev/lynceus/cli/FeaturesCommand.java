package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Explanation.Word;
import dev.lynceus.method.KeyWord;
import dev.lynceus.method.Spoken;
import dev.lynceus.method.features.FeatureReading;
import dev.lynceus.method.features.SaeFile;
import dev.lynceus.method.features.SaeStates;
import dev.lynceus.model.Picture;
import dev.lynceus.report.FeaturesPage;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.SeenView;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.file.InputFile;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus features`: which features of a sparse autoencoder are on in a picture.
@Command(
    name = "features",
    header = "Show which features of a sparse autoencoder are on in a picture; take each out.",
    description = {
      "",
      "Features come from `lynceus tune-sae`, or published (SAELens, sparsify). That a feature is on where a",
      "thing is does not show that the answer needs it: each is taken out of the states as well, beside",
      "random directions of the same length at the same places.",
      ""
    },
    sortOptions = false)
final class FeaturesCommand implements Callable<Integer> {
  private static final String PAGE = "lynceus-features.html";

  private final Console console;

  @Mixin QuestionArguments arguments = new QuestionArguments();

  @Option(
      names = "--sae",
      required = true,
      paramLabel = "FILE",
      description = "The autoencoder: a file, or the folder that holds it and its cfg.json.")
  String file = "";

  @Option(
      names = "--layer",
      paramLabel = "L",
      description = "The layer whose output it reads. Default: what the file says.")
  @Nullable Integer layer;

  @Option(
      names = "--positions",
      defaultValue = "image",
      paramLabel = "WHICH",
      description = "image: patches; all: all positions but the first. Default: ${DEFAULT-VALUE}.")
  String positions = "image";

  @Mixin KeyWordOptions about = new KeyWordOptions();

  @Option(
      names = "--top",
      defaultValue = "12",
      paramLabel = "N",
      description = "Features that are shown, the strongest. Default: ${DEFAULT-VALUE}.")
  int top;

  @Option(
      names = "--randoms",
      defaultValue = "5",
      paramLabel = "N",
      description = "Random directions beside each. Default: ${DEFAULT-VALUE}.")
  int randoms;

  @Option(
      names = "--seed",
      defaultValue = "0",
      paramLabel = "N",
      description = "Of these. Default: ${DEFAULT-VALUE}.")
  long seed;

  @Mixin AnswerLength length = new AnswerLength();
  @Mixin ModelOptions models = new ModelOptions();
  @Mixin PageOptions result = new PageOptions();
  @Mixin CommonOptions common = new CommonOptions();

  private static final int WORDS = 5;

  FeaturesCommand(Console console) {
    this.console = console;
  }

  /// What becomes JSON.
  record Told(String question, String answer, String conclusion, FeatureReading reading) {}

  @Override
  public Integer call() {
    if (top < 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, "--top " + top + " features", "Ask for at least one.");
    }
    SaeStates.Where where = TuneSaeCommand.where(positions);
    QuestionArguments.Asked asked = arguments.read();
    OutputFile page = result.page(PAGE, console);
    Told told;
    String name;
    List<BufferedImage> seen;
    Optional<FeaturesPage.Places> places;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel model = models.load(progress);
        SaeFile sae = SaeFile.load(InputFile.REQUEST.path(file))) {
      SaeStates which = new SaeStates(layer(model, sae, progress), where);
      which.requireIn(model.model());
      List<Picture> pictures = asked.pictures(model);
      Prompt prompt = arguments.prompt(model, asked, pictures, progress);
      if (which.positions(prompt).length == 0) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "there are no patches among the words of this prompt",
            "Ask about a picture, or use --positions all.");
      }
      KeyWord word = KeyWord.find(model, prompt, about.spec(), length.of(model, prompt));
      FeatureReading reading =
          FeatureReading.of(
              model,
              word.prompt(),
              word.target(),
              sae.sae(),
              which,
              new FeatureReading.Plan(top, WORDS, randoms, seed),
              progress);
      name = model.name();
      seen =
          model.views(pictures).stream()
              .map(SeenView::seen)
              .map(one -> one.toBufferedImage())
              .toList();
      places = places(model, word.prompt(), which.positions(word.prompt()));
      told =
          new Told(
              prompt.question().isEmpty() ? prompt.text() : prompt.question(),
              word.answer(),
              reading.conclusion(),
              reading);
    }
    if (page != null) {
      page.write(
          FeaturesPage.html(
              new FeaturesPage.About(told.question, told.answer, name),
              told.reading,
              seen,
              places,
              console.commandLine()));
    }
    Told given = told;
    result.give(console, page, () -> text(given), given);
    return 0;
  }

  /// Where states stand in the first view of the first picture.
  private static Optional<FeaturesPage.Places> places(
      LoadedModel model, Prompt prompt, int[] positions) {
    // Queries stand for no patch, and what reads pictures by cross-attention has none among its
    // words.
    if (prompt.tokens().views().isEmpty()) {
      return Optional.empty();
    }
    TokenMap.View view = prompt.tokens().views().getFirst();
    int[] states =
        Arrays.stream(view.positions())
            .map(position -> Math.max(-1, Arrays.binarySearch(positions, position)))
            .toArray();
    return Optional.of(new FeaturesPage.Places(view.tile().rows(), view.tile().columns(), states));
  }

  private int layer(LoadedModel model, SaeFile sae, ProgressLine progress) {
    int width = model.model().decoder().config().width();
    if (sae.sae().width() != width) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "%s is about states of %d numbers, and those of %s have %d"
              .formatted(file, sae.sae().width(), model.name(), width),
          "Name an autoencoder of this model.");
    }
    String revision = model.checkpoint().version();
    if (!sae.revision().isEmpty() && !sae.revision().equals(revision)) {
      progress.note(
          "The features were fitted for another model, or another version of this one: %s."
              .formatted(sae.revision()));
    }
    if (layer == null && sae.layer().isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          file + " does not say which layer it is about",
          "Say it with --layer.");
    }
    return TuneSaeCommand.layer(
        layer == null ? Integer.valueOf(sae.layer().getAsInt()) : layer,
        model.model().decoder().config().layers());
  }

  private static String text(Told told) {
    FeatureReading reading = told.reading;
    StringBuilder text = new StringBuilder(told.answer).append("\n\n");
    text.append(told.conclusion).append("\n\n");
    text.append(
        "%d features are on at %d states that leave layer %d, which they tell but for %s of the variance%n"
            .formatted(
                reading.features(),
                reading.states(),
                reading.layer(),
                Spoken.percent(reading.unexplained())));
    TextTable table =
        new TextTable()
            .row("feature", "sum", "most", "without it", "random", "speaks for", "against");
    for (FeatureReading.Feature one : reading.strongest()) {
      table.row(
          Integer.toString(one.number()),
          Spoken.number(one.sum()),
          Spoken.number(one.most()),
          Spoken.signed(one.without()),
          one.random().isEmpty() ? "–" : Spoken.signed(one.randomMean()),
          words(one.raises()),
          words(one.lowers()));
    }
    return text.append(table)
        .append("without it, random: change of the log probability of “")
        .append(reading.word())
        .append("”, nats\n")
        .toString();
  }

  private static String words(List<Word> words) {
    return words.stream()
        .limit(3)
        .map(word -> word.text().strip())
        .collect(Collectors.joining(" "));
  }
}
