package dev.lynceus.method.evidence;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How likely a word is right: a logistic combination of its scores, calibrated on words whose
/// truth is known. It belongs to one checkpoint and to questions like those it was fitted on.
///
/// `p = calibrated(bias + sum of weight (x - mean) / scale)`; a score that a word does not have
/// counts as the mean, and no score counts by more than [#FARTHEST] of its scales.
///
/// @param weights of the scores
/// @param bias added
/// @param calibration of the sum
/// @param probe reading of the state, for [Score#PROBE]; null for none
public record Reliability(
    List<Weight> weights, double bias, Calibration calibration, @Nullable StateProbe probe) {
  /// Scores have long tails; a word is not a hundred times as right.
  static final double FARTHEST = 4;

  /// The weight of a score.
  ///
  /// @param mean of the score over the words that it was fitted on
  /// @param scale its standard deviation
  public record Weight(Score score, double mean, double scale, double weight) {

    /// What a score adds to the sum.
    double of(double value) {
      return Double.isNaN(value)
          ? 0
          : weight * Math.clamp((value - mean) / scale, -FARTHEST, FARTHEST);
    }
  }

  /// A point of a calibration: of words with this sum, this part was right.
  public record Knot(double sum, double right) {}

  /// From a sum to a probability: by Platt's curve `1 / (1 + exp(-(slope x + offset)))`, or, where
  /// there are knots, along the lines between them (isotonic regression).
  public record Calibration(double slope, double offset, List<Knot> knots) {
    public Calibration {
      knots = List.copyOf(knots);
    }

    /// The calibrated probability of a sum.
    public double of(double sum) {
      if (knots.isEmpty()) {
        return 1 / (1 + Math.exp(-(slope * sum + offset)));
      }
      if (sum <= knots.getFirst().sum()) {
        return knots.getFirst().right();
      }
      for (int i = 1; i < knots.size(); i++) {
        Knot high = knots.get(i);
        if (sum <= high.sum()) {
          Knot low = knots.get(i - 1);
          double part = (sum - low.sum()) / (high.sum() - low.sum());
          return low.right() + part * (high.right() - low.right());
        }
      }
      return knots.getLast().right();
    }
  }

  public Reliability {
    weights = weights.stream().sorted(Comparator.comparing(Weight::score)).toList();
  }

  /// The sum before calibration.
  ///
  /// @param scores one for each [Score], in their order; NaN where the word has none
  public double sum(double[] scores) {
    double sum = bias;
    for (Weight weight : weights) {
      sum += weight.of(scores[weight.score().ordinal()]);
    }
    return sum;
  }

  /// The probability that a word is right.
  public double of(double[] scores) {
    return calibration.of(sum(scores));
  }
}
