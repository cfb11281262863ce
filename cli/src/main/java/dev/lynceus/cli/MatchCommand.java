package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageFileReader;
import dev.lynceus.image.RgbImage;
import dev.lynceus.method.Spoken;
import dev.lynceus.method.match.MatchMap;
import dev.lynceus.method.match.MatchScores;
import dev.lynceus.method.match.MatchTest;
import dev.lynceus.report.MatchPage;
import dev.lynceus.run.LoadedMatcher;
import dev.lynceus.run.MatchText;
import dev.lynceus.run.Sight;
import dev.lynceus.tensor.file.InputFile;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `lynceus match`: how well texts fit pictures, where that is looked at, and a test of it.
@Command(
    name = "match",
    header = "Score how well texts fit pictures, show where the verdict looked, and test it.",
    description = {
      "",
      "For models for matching (BLIP, BLIP-2). Match is the probability of the head that saw picture",
      "and text together; cosine compares the two, each seen alone. The map is Grad-CAM of",
      "cross-attention; the test paints over the patches that it points at, and as many random ones.",
      ""
    },
    sortOptions = false)
final class MatchCommand implements Callable<Integer> {
  private static final String PAGE = "lynceus-match.html";

  private final Console console;

  @Parameters(
      arity = "1..*",
      paramLabel = "IMAGE",
      description = "Picture files (PNG, JPEG, WebP, GIF, BMP).")
  List<String> files = List.of();

  @Option(
      names = {"-t", "--text"},
      paramLabel = "TEXT",
      description = "A text, in quotes; as often as there are texts.")
  List<String> texts = List.of();

  @Option(
      names = "--text-file",
      paramLabel = "FILE",
      description = "A file with a text in each line, beside those of --text.")
  @Nullable String textFile;

  /// Which pairs have maps.
  enum Maps {
    best,
    all,
    none
  }

  @Option(
      names = "--maps",
      defaultValue = "best",
      paramLabel = "WHICH",
      description = {
        "best: a map of each picture with the text that fits it best. all: of every pair. none.",
        "Default: ${DEFAULT-VALUE}."
      })
  Maps maps = Maps.best;

  @Option(
      names = "--layer",
      paramLabel = "L",
      description = {
        "Layer of the map. Default: two thirds of the depth, which is the eighth of BLIP's twelve, as",
        "the field takes it."
      })
  @Nullable Integer layer;

  @Option(
      names = "--draws",
      defaultValue = "16",
      paramLabel = "N",
      description = {
        "Random draws beside each test of a map, each one pass of the model; 0 for no test.",
        "Default: ${DEFAULT-VALUE}."
      })
  int draws = 16;

  @Option(
      names = "--share",
      defaultValue = "0.1",
      paramLabel = "X",
      description = "Share of the patches that a test paints over. Default: ${DEFAULT-VALUE}.")
  double share = .1;

  @Option(
      names = "--seed",
      defaultValue = "0",
      paramLabel = "N",
      description = "Of the random draws. Default: ${DEFAULT-VALUE}.")
  long seed;

  @Mixin ModelOptions models = new ModelOptions();
  @Mixin PageOptions result = new PageOptions();
  @Mixin CommonOptions common = new CommonOptions();

  MatchCommand(Console console) {
    this.console = console;
  }

  /// A map of a pair.
  ///
  /// @param picture its number
  /// @param text its number
  /// @param test null where none was asked for
  record Mapped(int picture, int text, MatchMap map, @Nullable MatchTest test) {}

  /// What becomes JSON.
  ///
  /// @param speakers how many rows give a verdict each: one word, or the queries
  record Told(
      String model,
      String revision,
      String dtype,
      List<String> pictures,
      List<String> texts,
      int speakers,
      MatchScores scores,
      List<Mapped> maps,
      String command) {}

  @Override
  public Integer call() {
    List<String> given = given();
    List<RgbImage> images = new ArrayList<>();
    for (String file : files) {
      images.add(new ImageFileReader().read(InputFile.PICTURE.path(file)));
    }
    OutputFile page = result.page(PAGE, console);
    Told told;
    List<BufferedImage> seen = new ArrayList<>();
    List<Sight> sights = new ArrayList<>();
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedMatcher model = models.loadMatcher(progress)) {
      try {
        if (layer != null) {
          MatchMap.requireReading(model.model(), layer);
        }
        List<MatchText> words = given.stream().map(model::words).toList();
        for (int i = 0; i < images.size(); i++) {
          progress.at("looking at pictures", i, images.size());
          sights.add(
              model.look(
                  model.picture(QuestionArguments.name(Path.of(files.get(i))), images.get(i))));
        }
        MatchScores scores = MatchScores.of(model, sights, words, progress);
        told =
            new Told(
                model.name(),
                model.checkpoint().version(),
                model.computeType().toString(),
                sights.stream().map(sight -> sight.picture().name()).toList(),
                given,
                model.model().speakers(),
                scores,
                mapped(model, sights, words, scores, progress),
                console.commandLine());
        sights.forEach(sight -> seen.add(sight.picture().onlyView().seen().toBufferedImage()));
      } finally {
        sights.forEach(Sight::close);
      }
    }
    if (page != null) {
      page.write(
          MatchPage.html(
              new MatchPage.About(told.model, told.pictures, told.texts, told.speakers),
              told.scores,
              told.maps.stream()
                  .map(one -> new MatchPage.Mapped(one.picture, one.text, one.map, one.test))
                  .toList(),
              seen,
              told.command));
    }
    result.give(console, page, () -> text(told), told);
    return 0;
  }

  /// All texts, in order.
  private List<String> given() {
    List<String> all = new ArrayList<>(texts);
    if (textFile != null) {
      InputFile.REQUEST
          .text(InputFile.REQUEST.path(textFile))
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty())
          .forEach(all::add);
    }
    if (all.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "there is no text to match",
          "Give texts in quotes, for example: dog.png -t \"a brown dog\" -t \"a cat\".");
    }
    return all;
  }

  private List<Mapped> mapped(
      LoadedMatcher model,
      List<Sight> sights,
      List<MatchText> words,
      MatchScores scores,
      ProgressLine progress) {
    int at = layer == null ? MatchMap.usualLayer(model.model()) : layer;
    List<Mapped> mapped = new ArrayList<>();
    for (int picture = 0; picture < sights.size(); picture++) {
      List<MatchScores.Pair> ranked = scores.ranked(picture);
      List<MatchScores.Pair> some =
          switch (maps) {
            case best -> ranked.subList(0, 1);
            case all -> ranked;
            case none -> List.of();
          };
      for (MatchScores.Pair pair : some) {
        Sight sight = sights.get(picture);
        MatchText text = words.get(pair.text());
        MatchMap map = MatchMap.of(model, sight, text, at);
        @Nullable MatchTest test =
            draws == 0
                ? null
                : MatchTest.of(
                    model, sight, text, map, new MatchTest.Options(share, draws, seed), progress);
        mapped.add(new Mapped(picture, pair.text(), map, test));
      }
    }
    return mapped;
  }

  private static String text(Told told) {
    StringBuilder text = new StringBuilder();
    for (int picture = 0; picture < told.pictures.size(); picture++) {
      text.append(told.pictures.get(picture)).append('\n');
      TextTable table =
          told.speakers == 1
              ? new TextTable().row("match", "cosine", "text")
              : new TextTable().row("match", "cosine", "most for", "nearest", "text");
      for (MatchScores.Pair pair : told.scores.ranked(picture)) {
        String match = Spoken.percent(pair.match());
        String cosine = Spoken.signed(pair.cosine());
        String words = told.texts.get(pair.text());
        if (told.speakers == 1) {
          table.row(match, cosine, words);
        } else {
          table.row(match, cosine, "query " + pair.mostFor(), "query " + pair.nearest(), words);
        }
      }
      text.append(table).append('\n');
    }
    for (Mapped one : told.maps) {
      text.append(
          String.format(
              Locale.ROOT,
              "“%s” in %s, by layer %d: ",
              told.texts.get(one.text),
              told.pictures.get(one.picture),
              one.map.layer()));
      text.append(looked(one.map)).append('\n');
      if (one.test != null) {
        text.append(one.test.conclusion()).append('\n');
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static String looked(MatchMap map) {
    return map.isEmpty()
        ? "no look at the picture there speaks for a match."
        : "looked most at "
            + Spoken.patch(Objects.requireNonNull(map.most(1))[0], map.columns())
            + ".";
  }
}
