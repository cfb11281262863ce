package dev.lynceus.lab.vote;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Votes added up: self-consistency (arXiv 2203.11171), soft aggregation, and EASE (arXiv
/// 2311.07099), `argmax_y sum_j w_j^gamma p_j(y)`. Every distribution adds up to 1.
///
/// @param votes at least one, all over the same labels
/// @param gamma exponent of the weights: 0 makes them equal, 1 is as published
public record Ensemble(List<Vote> votes, double gamma) {
  /// Less apart are equal: the order of votes must not decide.
  private static final double EQUAL = 1e-12;

  /// What one explanation says.
  ///
  /// @param label the answer that was drawn; -1 where it is none of the labels
  /// @param probabilities of each label given the explanation; they add up to 1
  /// @param weight of the explanation, at least 0
  public record Vote(int label, List<Double> probabilities, double weight) {
    public Vote {
      probabilities = List.copyOf(probabilities);
      if (!(weight >= 0) || label >= probabilities.size()) {
        throw new IllegalArgumentException("label %d, weight %s".formatted(label, weight));
      }
    }
  }

  public Ensemble {
    votes = List.copyOf(votes);
    if (votes.isEmpty()) {
      throw new IllegalArgumentException("no votes");
    }
  }

  private int labels() {
    return votes.getFirst().probabilities().size();
  }

  /// The share of each label among the answers that were drawn; all equal where none of them is a
  /// label.
  public double[] majority() {
    double[] sum = new double[labels()];
    for (Vote vote : votes) {
      if (vote.label() >= 0) {
        sum[vote.label()]++;
      }
    }
    return normalized(sum);
  }

  /// The mean of the probabilities.
  public double[] soft() {
    return weighed(votes.stream().mapToDouble(vote -> 1).toArray());
  }

  /// The mean of the probabilities by the weights; where all of them are 0, they count as equal.
  public double[] ease() {
    return weighed(weights());
  }

  /// The weights to the power of gamma, adding up to 1.
  public double[] weights() {
    double most = votes.stream().mapToDouble(Vote::weight).max().orElse(0);
    return normalized(
        votes.stream()
            .mapToDouble(vote -> most == 0 ? 1 : Math.pow(vote.weight() / most, gamma))
            .toArray());
  }

  private double[] weighed(double[] weights) {
    double[] sum = new double[labels()];
    for (int j = 0; j < weights.length; j++) {
      for (int y = 0; y < sum.length; y++) {
        sum[y] += weights[j] * votes.get(j).probabilities().get(y);
      }
    }
    return normalized(sum);
  }

  private static double[] normalized(double[] values) {
    double sum = Arrays.stream(values).sum();
    return sum > 0
        ? Arrays.stream(values).map(value -> value / sum).toArray()
        : Arrays.stream(values).map(value -> 1.0 / values.length).toArray();
  }

  /// The number of the largest value; the first of those that are equal but for rounding.
  public static int best(double[] distribution) {
    int best = 0;
    for (int y = 1; y < distribution.length; y++) {
      best = distribution[y] > distribution[best] + EQUAL ? y : best;
    }
    return best;
  }

  /// The same without one vote, of at least two.
  public Ensemble without(int number) {
    List<Vote> others = new ArrayList<>(votes);
    others.remove(number);
    return new Ensemble(others, gamma);
  }

  /// The same with another exponent.
  public Ensemble withGamma(double other) {
    return new Ensemble(votes, other);
  }

  /// How often a right vote weighs more than a wrong one: the area under the curve of the weights,
  /// equal ones counting half. NaN unless there are both.
  ///
  /// @param right whether each vote is right
  public static double area(List<Double> weights, List<Boolean> right) {
    double pairs = 0;
    double won = 0;
    for (int i = 0; i < weights.size(); i++) {
      for (int j = 0; j < weights.size(); j++) {
        if (right.get(i) && !right.get(j)) {
          pairs++;
          int order = Double.compare(weights.get(i), weights.get(j));
          won += order > 0 ? 1 : order == 0 ? .5 : 0;
        }
      }
    }
    return pairs == 0 ? Double.NaN : won / pairs;
  }
}
