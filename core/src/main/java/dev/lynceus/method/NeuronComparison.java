package dev.lynceus.method;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Explanation.Word;
import dev.lynceus.run.Run;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Comparative neuron analysis: the feed-forward neurons whose log-probability increase differs most
/// between two runs, or between two answers of one run (Yu and Ananiadou, arXiv 2409.14144, who
/// compare a model with one that lacks a head). With [Neurons]' increase,
///
///     score(neuron) = increase in the first - increase in the second
///
/// All neurons are screened by the difference of their first-order increases, then the best are
/// measured exactly in both.
public final class NeuronComparison {
  /// Candidates that are measured exactly for each one that is asked for.
  private static final int CANDIDATES = 8;

  private NeuronComparison() {}

  /// One side of a comparison.
  ///
  /// @param run kept what [RowTrace#plan] says
  /// @param aim one token at one row, or a contrast
  public record Side(Run run, Target.Aim aim) {}

  /// One neuron.
  ///
  /// @param coefficient in the first
  /// @param otherCoefficient in the second
  /// @param increase of the log probability in the first, in nats
  /// @param otherIncrease in the second
  /// @param score `increase - otherIncrease`
  /// @param raises words that it raises in the first
  public record Change(
      int layer,
      int index,
      double coefficient,
      double otherCoefficient,
      double increase,
      double otherIncrease,
      double score,
      List<Word> raises) {}

  /// What a comparison shows, in a sentence.
  ///
  /// @param word that was measured
  /// @param compared with what, for example `without head 3.0`
  public static String conclusion(List<Change> changes, String word, String compared) {
    long many = changes.stream().filter(one -> Math.abs(one.score) >= WordChoice.LEAST).count();
    if (changes.isEmpty() || many == 0) {
      return "No single neuron makes the difference: for \u201c%s\u201d none brings 0.1 nats more or less %s."
          .formatted(word, compared);
    }
    Change most =
        changes.stream()
            .max(Comparator.comparingDouble((Change one) -> Math.abs(one.score)))
            .orElseThrow();
    return "Neuron %d.%d differs most for \u201c%s\u201d: it brings %s here, %s %s. %s"
        .formatted(
            most.layer,
            most.index,
            word,
            Spoken.nats(most.increase),
            Spoken.nats(most.otherIncrease),
            compared,
            many == 1
                ? "No other differs by 0.1 nats."
                : many + " of these " + changes.size() + " differ by 0.1 nats or more.");
  }

  private record Candidate(int layer, int index, double screened) {}

  /// The neurons with the largest difference, either way, largest first.
  ///
  /// @param listed words of each
  /// @throws LynceusException BAD_REQUEST if the sides are of two models
  public static List<Change> of(Side first, Side second, int count, int listed) {
    if (first.run.model() != second.run.model()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "neurons of two models are not compared one by one",
          "Compare two runs of one model.");
    }
    try (Scope scope = Scope.open()) {
      RowTrace one = new RowTrace(first.run, first.aim.row());
      RowTrace two = new RowTrace(second.run, second.aim.row());
      List<Candidate> candidates = candidates(one, first.aim, two, second.aim, count);
      Map<Integer, List<Candidate>> byLayer = new HashMap<>();
      candidates.forEach(c -> byLayer.computeIfAbsent(c.layer, layer -> new ArrayList<>()).add(c));
      List<Change> found = new ArrayList<>();
      Words words = new Words(first.run.model().tokenizer());
      byLayer.forEach((layer, here) -> {
        int[] indices = here.stream().mapToInt(Candidate::index).toArray();
        Measured a = measured(one, first.aim, layer, indices, words, listed);
        Measured b = measured(two, second.aim, layer, indices, words, listed);
        for (int i = 0; i < indices.length; i++) {
          found.add(
              new Change(
                  layer,
                  indices[i],
                  a.coefficients[i],
                  b.coefficients[i],
                  a.increases[i],
                  b.increases[i],
                  a.increases[i] - b.increases[i],
                  a.raises.get(i)));
        }
      });
      return found.stream()
          .sorted(Comparator.comparingDouble(change -> -Math.abs(change.score())))
          .limit(count)
          .toList();
    }
  }

  private static List<Candidate> candidates(
      RowTrace one, Target.Aim first, RowTrace two, Target.Aim second, int count) {
    int layers = one.config().layers();
    Tensor slopes = slopes(one, first);
    Tensor others = slopes(two, second);
    List<Candidate> candidates = new ArrayList<>();
    for (int l = 0; l < layers; l++) {
      double[] a = FirstOrder.neurons(one, slopes.narrow(0, l, 1), l);
      double[] b = FirstOrder.neurons(two, others.narrow(0, l, 1), l);
      for (int k = 0; k < a.length; k++) {
        candidates.add(new Candidate(l, k, Math.abs(a[k] - b[k])));
      }
      candidates.sort(Comparator.comparingDouble(c -> -c.screened));
      candidates =
          new ArrayList<>(candidates.subList(0, Math.min(candidates.size(), count * CANDIDATES)));
    }
    return candidates;
  }

  private static Tensor slopes(RowTrace trace, Target.Aim aim) {
    return lens(trace).directions(middle(trace), aim);
  }

  private static FrozenLens lens(RowTrace trace) {
    return FrozenLens.of(trace.decoder(), trace.last());
  }

  /// The stream between attention and feed-forward network, `[layers, width]`.
  private static Tensor middle(RowTrace trace) {
    return trace.stream().narrow(0, 0, trace.config().layers()).add(trace.attention());
  }

  // Plain numbers on their way; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  private record Measured(double[] coefficients, double[] increases, List<List<Word>> raises) {}

  private static Measured measured(
      RowTrace trace, Target.Aim aim, int layer, int[] indices, Words words, int listed) {
    try (Scope scope = Scope.open()) {
      FrozenLens lens = lens(trace);
      Tensor base = lens.states(middle(trace).narrow(0, layer, 1));
      Tensor index = Tensor.indices(indices);
      Tensor columns = trace.columns(layer, index);
      Tensor written =
          lens.logits(columns.contiguous())
              .mul(trace.coefficients(layer).indexSelect(0, index).unsqueeze(1));
      double before = FrozenLens.read(base, aim)[0];
      double[] after = FrozenLens.read(written.add(base), aim);
      for (int i = 0; i < after.length; i++) {
        after[i] -= before;
      }
      return new Measured(
          trace.coefficients(layer).indexSelect(0, index).toDoubles(),
          after,
          words.top(written, listed));
    }
  }
}
