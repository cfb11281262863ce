package dev.lynceus.lab.measure;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.run.Batch;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tensor.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Marks answers. The greedy answer is the right one exactly if, after the prompt and each
/// beginning of the right answer, the most probable token is the next one of it, and at its end the
/// closing token; so one pass over prompt and answer tells, and nothing is generated.
final class Marker {
  /// Prompts that are run side by side.
  private static final int ROWS = 32;

  private final LoadedModel model;
  private final @Nullable Pictures pictures;

  /// @param pictures that the questions are about; null for questions about texts
  Marker(LoadedModel model, @Nullable Pictures pictures) {
    this.model = model;
    this.pictures = pictures;
  }

  /// A marked answer.
  ///
  /// @param exact whether the greedy answer is the right one, token for token
  /// @param key whether the decisive words are right, after the right beginning
  /// @param first the most probable decisive token, after the right beginning
  record Mark(boolean exact, boolean key, int first) {}

  /// Marks all, in their order.
  Mark[] mark(List<Exchange> exchanges, List<Intervention> changes) {
    Map<Long, List<Integer>> groups = new LinkedHashMap<>();
    for (int i = 0; i < exchanges.size(); i++) {
      // Rows of one length need no padding and no mask, which is faster.
      long lengths =
          exchanges.get(i).prompt().length() * 100_000L + exchanges.get(i).answer().length;
      groups.computeIfAbsent(lengths, key -> new ArrayList<>()).add(i);
    }
    Mark[] marks = new Mark[exchanges.size()];
    for (List<Integer> group : groups.values()) {
      for (int start = 0; start < group.size(); start += ROWS) {
        mark(exchanges, group.subList(start, Math.min(group.size(), start + ROWS)), changes, marks);
      }
    }
    return marks;
  }

  private void mark(
      List<Exchange> exchanges, List<Integer> group, List<Intervention> changes, Mark[] marks) {
    List<Prompt> prompts =
        group.stream()
            .map(exchanges::get)
            .map(exchange -> exchange.prompt().withAnswer(exchange.answer()))
            .toList();
    int[] of = group.stream().mapToInt(i -> exchanges.get(i).picture()).toArray();
    int first = exchanges.get(group.getFirst()).prompt().length() - 1;
    int rows = prompts.getFirst().length() - first;
    Capture logits = Capture.of(Capture.request(Point.LOGITS).at(Positions.from(first)));
    try (Scope scope = Scope.open();
        Run run = run(prompts, of, logits, changes)) {
      int[] best = run.get(Point.LOGITS, 0).argmax(2).toInts();
      for (int i = 0; i < group.size(); i++) {
        int[] own = Arrays.copyOfRange(best, i * rows, (i + 1) * rows);
        marks[group.get(i)] = mark(exchanges.get(group.get(i)), own);
      }
    }
  }

  private Mark mark(Exchange exchange, int[] best) {
    int[] answer = exchange.answer();
    boolean exact =
        IntStream.range(0, answer.length).allMatch(i -> best[i] == answer[i])
            && model.settings().ends().contains(best[answer.length]);
    boolean key =
        IntStream.range(exchange.keyStart(), exchange.keyEnd()).allMatch(i -> best[i] == answer[i]);
    return new Mark(exact, key, best[exchange.keyStart()]);
  }

  private Run run(List<Prompt> prompts, int[] of, Capture capture, List<Intervention> changes) {
    if (pictures != null) {
      return pictures.run(prompts, of, capture, changes);
    }
    if (IntStream.of(of).anyMatch(picture -> picture >= 0)) {
      throw new LynceusException(
          ErrorCode.INTERNAL, "a question about a picture without pictures", "Report this.");
    }
    return model.run(Batch.of(prompts, Batch.Padding.LEFT, 0), capture, changes);
  }
}
