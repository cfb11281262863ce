package dev.lynceus.method.causal;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.Unit;

/// What a run says about a token at the last row, or about a whole answer: then logarithms, logits,
/// differences and divergences are sums over its tokens, and the probability is that of all of
/// them. Natural logarithms.
///
/// @param probability probability of the token, 0 to 1
/// @param logProbability its logarithm
/// @param logit score of the token before the softmax
/// @param logitDifference score of the token minus that of the other one
/// @param divergence Kullback-Leibler divergence from the clean run's distribution to this one, in
///   nats; 0 = the same
public record Measures(
    @Unit("probability") double probability,
    @Unit("nats") double logProbability,
    double logit,
    double logitDifference,
    @Unit("nats") double divergence) {

  /// One of the numbers.
  public enum Metric {
    PROBABILITY("probability"),
    LOG_PROBABILITY("log probability"),
    LOGIT("logit"),
    LOGIT_DIFFERENCE("logit difference"),
    DIVERGENCE("divergence");

    private final String label;

    Metric(String label) {
      this.label = label;
    }

    /// How tables and figures call it.
    public String label() {
      return label;
    }
  }

  /// The number of a metric.
  public double of(Metric metric) {
    return switch (metric) {
      case PROBABILITY -> probability;
      case LOG_PROBABILITY -> logProbability;
      case LOGIT -> logit;
      case LOGIT_DIFFERENCE -> logitDifference;
      case DIVERGENCE -> divergence;
    };
  }

  /// @throws LynceusException BAD_REQUEST for numbers of something else, as a ledger may hold them
  public static Measures of(double[] numbers) {
    if (numbers.length != Metric.values().length) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a result of %d numbers where %d belong"
              .formatted(numbers.length, Metric.values().length),
          "Begin the sweep anew, without its ledger.");
    }
    return new Measures(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
  }

  double[] numbers() {
    return new double[] {probability, logProbability, logit, logitDifference, divergence};
  }
}
