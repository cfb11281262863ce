package dev.lynceus.lab.mark;

import dev.lynceus.run.Contrast;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Prompt;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.Arrays;
import java.util.Optional;

/// What a model holds of an answer that is given to it token by token.
///
/// @param ids of the answer
/// @param logs log probabilities of the whole vocabulary before each token, `[token][vocabulary]`,
///   natural logarithm
// Plain numbers; nothing compares these records.
@SuppressWarnings("ArrayRecordComponent")
public record Forced(int[] ids, double[][] logs) {

  /// What a run must keep.
  ///
  /// @param prompt without the answer
  static Capture capture(Prompt prompt) {
    return Capture.of(Capture.request(Point.LOGITS).at(Positions.from(prompt.length() - 1)));
  }

  /// The prompt and all tokens of the answer but the last.
  static Prompt before(Prompt prompt, int[] ids) {
    return ids.length < 2 ? prompt : prompt.withAnswer(Arrays.copyOf(ids, ids.length - 1));
  }

  /// Reads an answer in one pass, or two where it is contrasted with another prompt.
  public static Forced of(
      LoadedModel model, Prompt prompt, Optional<Contrast> contrast, int[] ids) {
    try (Scope scope = Scope.open();
        Run run = model.run(before(prompt, ids), capture(prompt))) {
      Tensor own = logits(run);
      if (contrast.isEmpty()) {
        return of(own, ids);
      }
      Prompt other = contrast.get().other();
      try (Run second = model.run(before(other, ids), capture(other))) {
        return of(Contrast.logits(own, logits(second), contrast.get().alpha()), ids);
      }
    }
  }

  /// Reads an answer of a run that kept what [#capture] says.
  static Forced of(Run run, int[] ids) {
    try (Scope scope = Scope.open()) {
      return of(logits(run), ids);
    }
  }

  private static Tensor logits(Run run) {
    return run.get(Point.LOGITS, 0).select(0, 0);
  }

  private static Forced of(Tensor logits, int[] ids) {
    int count = ids.length;
    Tensor rows = logits.narrow(0, logits.size(0) - count, count);
    double[] flat = Torch.logSoftmax(rows.to(DType.FLOAT64), 1).toDoubles();
    int vocabulary = flat.length / count;
    double[][] logs = new double[count][];
    for (int i = 0; i < count; i++) {
      logs[i] = Arrays.copyOfRange(flat, i * vocabulary, (i + 1) * vocabulary);
    }
    return new Forced(ids, logs);
  }

  /// Log probability of the answer, nats.
  public double log() {
    double sum = 0;
    for (int i = 0; i < ids.length; i++) {
      sum += logs[i][ids[i]];
    }
    return sum;
  }

  /// Kullback-Leibler divergence from this to another reading of the same answer, summed over its
  /// tokens, nats; 0 = the same.
  public double divergence(Forced other) {
    double sum = 0;
    for (int i = 0; i < ids.length; i++) {
      for (int word = 0; word < logs[i].length; word++) {
        double p = Math.exp(logs[i][word]);
        // A word that is impossible here adds nothing.
        sum += p == 0 ? 0 : p * (logs[i][word] - other.logs[i][word]);
      }
    }
    return sum;
  }
}
