package dev.lynceus.method;

import dev.lynceus.method.Explanation.Word;
import dev.lynceus.run.Run;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What else could have been said in the place of a word: the most probable token that is another,
/// and what speaks for it.
///
/// @param probability of the token at the row that predicts the word
/// @param zones for each zone of the prompt, the first-order increase that its positions bring it
/// @param positions those that bring it most over all heads, best first
/// @param increases what each of them brings, nats
// Plain numbers of a result; nothing compares these records.
@SuppressWarnings("ArrayRecordComponent")
public record RunnerUp(
    int id,
    String text,
    double probability,
    Map<String, Double> zones,
    int[] positions,
    double[] increases) {
  private static final int POSITIONS = 3;

  /// The runner-up of a token.
  ///
  /// @param reading of the token
  /// @param predictions at its row, the most probable first
  /// @param increases what every position brings the token, first order
  /// @return null for a contrast, and where nothing else is predicted
  static @Nullable RunnerUp of(
      Run run, Reading reading, List<Word> predictions, double[] increases) {
    int said = reading.aim().id();
    if (reading.aim().against().isPresent()) {
      return null;
    }
    return predictions.stream()
        .filter(word -> word.id() != said)
        .findFirst()
        .map(other -> of(run, reading, other, increases))
        .orElse(null);
  }

  private static RunnerUp of(Run run, Reading reading, Word other, double[] increases) {
    double[] own = increases.clone();
    // log p(other) = log p(said) + the difference of their logits, whose slope needs no softmax.
    Target.Aim apart =
        new Target.Aim(reading.aim().row(), other.id(), OptionalInt.of(reading.aim().id()));
    try (Scope scope = Scope.open()) {
      Tensor slope = reading.lens().slopes(reading.inputs(), apart);
      double[] more = FirstOrder.positions(List.of(reading.trace()), slope.unsqueeze(0))[0];
      for (int p = 0; p < more.length; p++) {
        own[p] += more[p];
      }
    }
    int[] best =
        IntStream.range(0, own.length)
            .filter(p -> own[p] > 0)
            .boxed()
            .sorted(Comparator.comparingDouble(p -> -own[p]))
            .limit(POSITIONS)
            .mapToInt(Integer::intValue)
            .toArray();
    return new RunnerUp(
        other.id(),
        other.text(),
        other.score(),
        WordExplainer.zones(run.tokens(), own),
        best,
        Arrays.stream(best).mapToDouble(p -> own[p]).toArray());
  }
}
