package dev.lynceus.lab.train;

import dev.lynceus.model.reader.TextReader;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.run.Passages;
import dev.lynceus.run.Piece;
import dev.lynceus.tap.Tap;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// The lesson of a reader: where an answer begins and where it ends, each a softmax over all
/// positions of a window (Devlin and others, arXiv 1810.04805, 4.2). Without dropout.
///
/// @param windows that hold their answer
record SpanLesson(List<Taught> windows, int examples) implements Lesson<TextReader> {

  /// A window with its answer.
  record Taught(int[] ids, int[] segments, Piece answer) {}

  /// The window of a passage that holds the answer with most around it; none where it stands in no
  /// window, or its characters begin or end within a token.
  static List<Taught> taught(Passages passages, PassageQuestion question, int length, int overlap) {
    List<Taught> found = new ArrayList<>();
    int most = -1;
    for (Passages.Window window :
        passages.windows(question.item().question(), question.item().passage(), length, overlap)) {
      int[] passage = window.prompt().tokens().positions(TokenMap.Role.PASSAGE);
      int first = at(window, passage, question.taught().start(), true);
      int last = at(window, passage, question.taught().end(), false);
      if (first >= 0 && last >= first) {
        int around = Math.min(first - passage[0], passage[passage.length - 1] - last);
        if (around > most) {
          most = around;
          found = List.of(of(window, new Piece(first, last)));
        }
      }
    }
    return found;
  }

  /// The position whose token begins, or ends, at a character; -1 for none.
  private static int at(Passages.Window window, int[] passage, int character, boolean begins) {
    return IntStream.of(passage)
        .filter(p ->
            (begins ? window.tokens().get(p).start() : window.tokens().get(p).end()) == character)
        .findFirst()
        .orElse(-1);
  }

  private static Taught of(Passages.Window window, Piece answer) {
    return new Taught(
        window.prompt().ids(),
        window.prompt().tokens().spots().stream().mapToInt(spot -> spot.segment()).toArray(),
        answer);
  }

  @Override
  public Loss loss(TextReader model, SplittableRandom random, int count, double progress) {
    Tensor sum = Tensor.of(new float[] {0}, 1).sum();
    Tally tally = new Tally();
    for (int i = 0; i < count; i++) {
      Taught one = windows.get(random.nextInt(windows.size()));
      Tensor logs = Torch.logSoftmax(logits(model, one), 0);
      Tensor begins = logs.select(1, 0).select(0, one.answer.start());
      Tensor ends = logs.select(1, 1).select(0, one.answer.end());
      sum = sum.sub(begins.add(ends).mul(.5));
      tally(logs, one, tally);
    }
    return new Loss(sum, count, tally);
  }

  /// Scores of beginnings and ends, `[pos, 2]`.
  static Tensor logits(TextReader model, Taught one) {
    TextStack stack = model.decoder();
    int length = one.ids.length;
    Tensor positions = Torch.arange(0, length).reshape(1, length);
    TextStack.Pass pass =
        new TextStack.Pass(
            positions,
            length,
            Torch.zeros(DType.FLOAT32, 1, 1, length, length), // everything sees everything
            null,
            null,
            List.of(),
            null,
            0,
            stack.config().layers(),
            TextStack.Rows.ALL);
    Tensor embedded = stack.embed(row(one.ids), DType.FLOAT32, Tap.idle());
    Tensor x = stack.placed(embedded, positions, row(one.segments), Tap.idle());
    return stack.logits(stack.forward(x, pass, Tap.idle()), Tap.idle()).select(0, 0);
  }

  private static Tensor row(int[] ids) {
    return Tensor.of(IntStream.of(ids).asLongStream().toArray(), 1, ids.length);
  }

  private static void tally(Tensor logs, Taught one, Tally tally) {
    try (Scope scope = Scope.open()) {
      int[] best = logs.detach().argmax(0).toInts();
      boolean begins = best[0] == one.answer.start();
      boolean ends = best[1] == one.answer.end();
      tally.add("begins", begins);
      tally.add("ends", ends);
      tally.add("both", begins && ends);
    }
  }
}
