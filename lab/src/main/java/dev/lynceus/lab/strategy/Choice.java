package dev.lynceus.lab.strategy;

import dev.lynceus.method.Unit;
import java.util.List;

/// What a model holds of some answers.
///
/// @param labels the answers
/// @param logs log probability of each, nats: of the whole, or for each token
/// @param probabilities shared among these answers alone; they add up to 1
public record Choice(
    List<String> labels,
    @Unit("nats") List<Double> logs,
    @Unit("probability") List<Double> probabilities) {
  public Choice {
    labels = List.copyOf(labels);
    logs = List.copyOf(logs);
    probabilities = List.copyOf(probabilities);
  }

  /// The number of the most probable one, the first of equals.
  public int best() {
    int best = 0;
    for (int i = 1; i < probabilities.size(); i++) {
      best = probabilities.get(i) > probabilities.get(best) ? i : best;
    }
    return best;
  }

  /// The most probable one.
  public String answer() {
    return labels.get(best());
  }

  /// The probability of an answer; 0 of one that is not among them.
  public double of(String label) {
    int at = labels.indexOf(label);
    return at < 0 ? 0 : probabilities.get(at);
  }

  /// The log probability of an answer, nats; -∞ of one that is not among them.
  public double log(String label) {
    int at = labels.indexOf(label);
    return at < 0 ? Double.NEGATIVE_INFINITY : logs.get(at);
  }
}
