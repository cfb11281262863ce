package dev.lynceus.lab.train;

import dev.lynceus.model.text.TextStack;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Sequences of tokens that are trained on side by side. Each is a beginning (a picture, a text)
/// and any number of questions with answers about it; a question sees the beginning and itself, but
/// not the others, and its positions go on from the beginning, so that each is as if it stood
/// alone.
final class Sequences {
  /// A token that shall be predicted.
  ///
  /// @param row sequence
  /// @param position of the token before it
  /// @param id the token
  /// @param weight of its loss
  /// @param answer number of the answer whose decisive words it belongs to; -1 = none
  private record Target(int row, int position, int id, double weight, int answer) {}

  private final List<int[]> ids = new ArrayList<>();
  private final List<int[]> positions = new ArrayList<>();
  private final List<int[]> blocks = new ArrayList<>();
  private final List<Target> targets = new ArrayList<>();
  private final List<String> answers = new ArrayList<>();

  /// Begins a sequence.
  void begin(int[] beginning) {
    int[] places = new int[beginning.length];
    Arrays.setAll(places, i -> i);
    ids.add(beginning);
    positions.add(places);
    blocks.add(new int[beginning.length]);
  }

  /// Adds a question with its answer to the last sequence.
  ///
  /// @param tokens question and answer
  /// @param block 1 for the first of this sequence
  /// @param beginning length of the sequence's beginning
  void ask(int[] tokens, int block, int beginning) {
    int last = ids.size() - 1;
    int[] place = new int[tokens.length];
    Arrays.setAll(place, i -> beginning + i);
    int[] own = new int[tokens.length];
    Arrays.fill(own, block);
    ids.set(last, join(ids.get(last), tokens));
    positions.set(last, join(positions.get(last), place));
    blocks.set(last, join(blocks.get(last), own));
  }

  /// Length of the last sequence.
  int length() {
    return ids.getLast().length;
  }

  /// Names an answer, so that its decisive words can be counted.
  int answer(String what) {
    answers.add(what);
    return answers.size() - 1;
  }

  /// Asks for the token at a position of the last sequence to be predicted from the one before.
  void target(int position, double weight, int answer) {
    int row = ids.size() - 1;
    targets.add(new Target(row, position - 1, ids.get(row)[position], weight, answer));
  }

  /// All ids, padded to one length: int64 `[sequences, positions]`.
  Tensor idTensor(int pad) {
    int length = longest();
    long[] all = new long[ids.size() * length];
    Arrays.fill(all, pad);
    for (int row = 0; row < ids.size(); row++) {
      for (int p = 0; p < ids.get(row).length; p++) {
        all[row * length + p] = ids.get(row)[p];
      }
    }
    return Tensor.of(all, ids.size(), length);
  }

  private int longest() {
    return ids.stream().mapToInt(row -> row.length).max().orElseThrow();
  }

  /// Runs the decoder and takes the loss.
  ///
  /// @param embedded input of the first layer, `[sequences, positions, width]`
  Lesson.Loss loss(TextStack decoder, Tensor embedded) {
    int length = longest();
    long[] places = new long[ids.size() * length];
    for (int row = 0; row < ids.size(); row++) {
      for (int p = 0; p < ids.get(row).length; p++) {
        places[row * length + p] = positions.get(row)[p];
      }
    }
    int most = positions.stream().flatMapToInt(Arrays::stream).max().orElse(0) + 1;
    TextStack.Pass pass =
        new TextStack.Pass(
            Tensor.of(places, ids.size(), length),
            most,
            mask(length),
            null,
            null,
            List.of(),
            null,
            0,
            decoder.config().layers(),
            TextStack.Rows.ALL);
    Tensor hidden = decoder.forward(embedded, pass, Tap.idle());
    long[] rows = new long[targets.size()];
    long[] wanted = new long[targets.size()];
    float[] weights = new float[targets.size()];
    double weight = 0;
    for (int i = 0; i < rows.length; i++) {
      Target target = targets.get(i);
      rows[i] = (long) target.row() * length + target.position();
      wanted[i] = target.id();
      weights[i] = (float) target.weight();
      weight += target.weight();
    }
    Tensor read =
        hidden.reshape((long) ids.size() * length, -1).indexSelect(0, Tensor.of(rows, rows.length));
    Tensor logits = decoder.weights().head().apply(decoder.weights().norm().apply(read));
    Tensor chosen =
        Torch.logSoftmax(logits, 1).gather(1, Tensor.of(wanted, wanted.length, 1)).squeeze(1);
    Tensor sum = chosen.mul(Tensor.of(weights, weights.length)).sum().neg();
    return new Lesson.Loss(sum, weight, tally(logits));
  }

  private Tally tally(Tensor logits) {
    int[] best;
    try (Scope scope = Scope.open()) {
      best = logits.detach().argmax(1).toInts();
    }
    boolean[] wrong = new boolean[answers.size()];
    for (int i = 0; i < best.length; i++) {
      Target target = targets.get(i);
      if (target.answer() >= 0 && best[i] != target.id()) {
        wrong[target.answer()] = true;
      }
    }
    Tally tally = new Tally();
    for (int i = 0; i < wrong.length; i++) {
      tally.add(answers.get(i), !wrong[i]);
    }
    return tally;
  }

  /// Additive mask; null where plain causal attention is right.
  private @Nullable Tensor mask(int length) {
    if (blocks.stream().allMatch(row -> Arrays.stream(row).allMatch(block -> block <= 0))) {
      return null;
    }
    float[] values = new float[ids.size() * length * length];
    Arrays.fill(values, Float.NEGATIVE_INFINITY);
    for (int row = 0; row < ids.size(); row++) {
      int[] block = blocks.get(row);
      for (int i = 0; i < length; i++) {
        int at = (row * length + i) * length;
        values[at + i] = 0;
        for (int j = 0; i < block.length && j < i; j++) {
          if (block[j] == 0 || block[j] == block[i]) {
            values[at + j] = 0;
          }
        }
      }
    }
    return Tensor.of(values, ids.size(), 1, length, length).to(DType.FLOAT32);
  }

  private static int[] join(int[] a, int[] b) {
    int[] all = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    return all;
  }
}
