package dev.lynceus.cli;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Explanation.Word;
import dev.lynceus.method.LogitLens;
import dev.lynceus.method.lens.TunedLens;
import dev.lynceus.model.Picture;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.file.InputFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `lynceus lens`: the logit lens, layer by layer, at chosen positions of the prompt.
@Command(
    name = "lens",
    header = "Read words at every layer of chosen positions (logit lens).",
    description = {
      "",
      "From the embedding, which enters the first layer, to what leaves the last. A word is what",
      "the unembedding reads there; that a word can be read does not show that the model uses it.",
      ""
    },
    sortOptions = false)
final class LensCommand implements Callable<Integer> {
  private static final String TUNED = "tuned=";

  private final Console console;

  @Mixin QuestionArguments arguments = new QuestionArguments();

  @Option(
      names = "--positions",
      paramLabel = "WHICH",
      description = {
        "all, last, a number, 5:21, 3,5,8, or a label: image, image[0].row[3].col[7], question.",
        "May be given several times. Default: last."
      })
  List<String> positions = List.of("last");

  @Option(
      names = "--norm",
      defaultValue = "own",
      paramLabel = "HOW",
      description = {
        "How a state is scaled before the unembedding: own, by its own norm; frozen, by the last",
        "layer's at that position; none. Default: ${DEFAULT-VALUE}."
      })
  String norm = "own";

  @Option(
      names = "--lens",
      defaultValue = "logit",
      paramLabel = "KIND",
      description = {
        "logit, the bare state; tuned=FILE, through the maps that `tune-lens` fitted.",
        "Default: ${DEFAULT-VALUE}."
      })
  String kind = "logit";

  @Option(
      names = "--top",
      defaultValue = "0",
      paramLabel = "N",
      description = "Words in a cell. Default: 5 for one position, else 1.")
  int top;

  @Option(
      names = "--budget",
      defaultValue = "4096",
      paramLabel = "MIB",
      description = "Most memory for kept activations, in MiB. Default: ${DEFAULT-VALUE}.")
  long budget;

  @Mixin ModelOptions models = new ModelOptions();
  @Mixin ResultOptions result = new ResultOptions();
  @Mixin CommonOptions common = new CommonOptions();

  LensCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    QuestionArguments.Asked asked = arguments.read();
    LogitLens lens = new LogitLens(LogitLens.Normalization.parse(norm));
    if (top < 0) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST, "--top " + top + " words", "Ask for at least one word.");
    }
    Path tuned = tuned();
    LensGrid grid;
    try (ProgressLine progress = new ProgressLine(console, common.quiet);
        LoadedModel model = models.load(progress)) {
      List<Picture> pictures = asked.pictures(model);
      Prompt prompt = arguments.prompt(model, asked, pictures, progress);
      int[] chosen = chosen(prompt.tokens());
      int words = top > 0 ? top : chosen.length == 1 ? 5 : 1;
      progress.at("reading", 0, chosen.length);
      try (Run run =
          model.run(
              prompt,
              LogitLens.capture(model.model().decoder().config(), Positions.of(chosen))
                  .within(budget << 20))) {
        grid = grid(model, prompt, chosen, cells(model, run, lens, tuned, chosen, words));
      }
    }
    result.give(console, grid::text, () -> grid);
    return 0;
  }

  private static List<LogitLens.Cell> cells(
      LoadedModel model, Run run, LogitLens lens, @Nullable Path tuned, int[] chosen, int words) {
    if (tuned == null) {
      return lens.grid(run, chosen, words);
    }
    try (TunedLens maps = TunedLens.load(tuned, model)) {
      return lens.grid(run, chosen, words, maps::translate);
    }
  }

  /// The file of a tuned lens; null for the logit lens.
  private @Nullable Path tuned() {
    if (kind.equals("logit")) {
      return null;
    }
    String file = kind.startsWith(TUNED) ? kind.substring(TUNED.length()) : "";
    if (file.isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--lens " + kind + " is no kind of lens",
          "Use logit, or tuned=FILE with a file that `lynceus tune-lens` wrote.");
    }
    if (!norm.equals("own")) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--norm " + norm + " and a tuned lens exclude each other",
          "Leave --norm out: a tuned lens was fitted for the last norm.");
    }
    return InputFile.REQUEST.path(file);
  }

  private int[] chosen(TokenMap tokens) {
    return positions.stream()
        .flatMapToInt(text -> IntStream.of(positions(text, tokens)))
        .sorted()
        .distinct()
        .toArray();
  }

  private static int[] positions(String text, TokenMap tokens) {
    int length = tokens.length();
    Positions some = Positions.parse(text);
    int[] found = some.within(0, length, tokens);
    boolean outside =
        some instanceof Positions.Of of && IntStream.of(of.numbers()).anyMatch(p -> p >= length);
    if (found.length == 0 || outside) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "--positions " + text + " is not within the " + length + " positions of this prompt",
          "Use numbers from 0 to " + (length - 1) + ", last, or a label such as image.");
    }
    return found;
  }

  private static LensGrid grid(
      LoadedModel model, Prompt prompt, int[] chosen, List<LogitLens.Cell> cells) {
    int[] ids = prompt.ids();
    List<LensGrid.Row> rows =
        Arrays.stream(chosen)
            .mapToObj(position ->
                new LensGrid.Row(
                    position,
                    prompt.tokens().label(position),
                    model.tokenizer().text(ids[position]),
                    cells.stream()
                        .filter(cell -> cell.position() == position)
                        .<List<Word>>map(LogitLens.Cell::words)
                        .toList()))
            .toList();
    return new LensGrid(model.name(), rows);
  }
}
