package dev.lynceus.lab.vote;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.run.Candidates;
import java.util.List;
import java.util.Optional;

/// How a vote is held.
///
/// @param samples explanations that are drawn; published: 9
/// @param temperature of the draws, 0 = always the most probable token; published: 0.7
/// @param seed of the draws
/// @param gamma exponent of the weights
/// @param weights what an explanation is weighed by; none for equal weights
/// @param labels what is decided among; empty: the answers that were drawn
/// @param by how the tokens of a label become one number
/// @param answers what the answer is read from
/// @param given explanations that take the place of drawn ones; may be empty
/// @param scorer examples of good and bad explanations, where there are such
/// @param map the method of [Weight#MAP]; its usual one where empty
public record VoteSettings(
    int samples,
    double temperature,
    long seed,
    double gamma,
    List<Weight> weights,
    List<String> labels,
    Candidates.By by,
    Answers answers,
    List<String> given,
    Optional<Scorer> scorer,
    Optional<String> map) {

  /// What an answer is read from.
  public enum Answers {
    /// Picture, question and explanation.
    SEEN,
    /// Question and explanation alone.
    TOLD
  }

  /// As published, weighed by the score.
  public static final VoteSettings USUAL =
      new VoteSettings(
          9,
          .7,
          0,
          1,
          List.of(Weight.SCORE),
          List.of(),
          Candidates.By.SUM,
          Answers.SEEN,
          List.of(),
          Optional.empty(),
          Optional.empty());

  public VoteSettings {
    weights = List.copyOf(weights);
    labels = List.copyOf(labels);
    given = List.copyOf(given);
    requires(samples >= 1, samples + " samples", "Use at least one.");
    requires(
        temperature >= 0 && Double.isFinite(temperature),
        "a temperature of " + temperature,
        "Use 0 or more.");
    requires(gamma >= 0 && Double.isFinite(gamma), "an exponent of " + gamma, "Use 0 or more.");
    requires(
        labels.size() != 1 && labels.stream().noneMatch(String::isBlank),
        "one candidate, or one without words",
        "Give at least two, none of them empty.");
    requires(
        labels.stream().distinct().count() == labels.size(),
        "the same candidate twice",
        "Give each once.");
    requires(
        given.stream().noneMatch(String::isBlank),
        "an empty explanation",
        "Write it, or leave it out.");
  }

  private static void requires(boolean right, String wrong, String next) {
    if (!right) {
      throw new LynceusException(ErrorCode.BAD_REQUEST, wrong, next);
    }
  }

  /// The same with other weights.
  public VoteSettings withWeights(Weight... others) {
    return new VoteSettings(
        samples,
        temperature,
        seed,
        gamma,
        List.of(others),
        labels,
        by,
        answers,
        given,
        scorer,
        map);
  }

  /// The same with other labels.
  public VoteSettings withLabels(List<String> others) {
    return new VoteSettings(
        samples, temperature, seed, gamma, weights, others, by, answers, given, scorer, map);
  }

  /// The same with other draws.
  public VoteSettings withDraws(int count, double heat, long other) {
    return new VoteSettings(
        count, heat, other, gamma, weights, labels, by, answers, given, scorer, map);
  }

  /// The same with answers from something else.
  public VoteSettings withAnswers(Answers from) {
    return new VoteSettings(
        samples, temperature, seed, gamma, weights, labels, by, from, given, scorer, map);
  }

  /// The same with explanations of one's own.
  public VoteSettings withGiven(List<String> explanations) {
    return new VoteSettings(
        samples, temperature, seed, gamma, weights, labels, by, answers, explanations, scorer, map);
  }
}
