package dev.lynceus.request;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Explanation.Word;
import dev.lynceus.method.LogitLens;
import dev.lynceus.method.lens.LensGrid;
import dev.lynceus.method.lens.TunedLens;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Positions;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.file.InputFile;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Reads words at every layer.
record LensReading(Task<?> task, LensRequest request, Running running) {

  LensGrid grid() {
    LoadedModel model = task.model();
    Prompt prompt = task.prompt();
    LogitLens lens = new LogitLens(request.norm());
    int[] chosen = chosen(prompt.tokens());
    int words = request.top() > 0 ? request.top() : chosen.length == 1 ? 5 : 1;
    running.progress().step("reading", 0, chosen.length);
    try (Run run =
        model.run(
            prompt,
            LogitLens.capture(model.model().decoder().config(), Positions.of(chosen))
                .within((long) request.budget() << 20))) {
      return grid(model, prompt, chosen, cells(run, lens, chosen, words));
    }
  }

  private List<LogitLens.Cell> cells(Run run, LogitLens lens, int[] chosen, int words) {
    if (request.tuned().isEmpty()) {
      return lens.grid(run, chosen, words);
    }
    try (TunedLens maps =
        TunedLens.load(InputFile.REQUEST.path(request.tuned().get()), task.model())) {
      return lens.grid(run, chosen, words, maps::translate);
    }
  }

  private int[] chosen(TokenMap tokens) {
    return request.positions().stream()
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
