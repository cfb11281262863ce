package dev.lynceus.lab.vote;

import dev.lynceus.method.Unit;
import java.util.List;
import java.util.Optional;

/// What came of a vote.
///
/// @param question that was asked
/// @param direct what the model answers without an explanation
/// @param labels what was decided among
/// @param by how the tokens of a label became one number
/// @param answers what answers were read from
/// @param temperature of the draws
/// @param seed of the draws
/// @param gamma exponent of the weights
/// @param weights what explanations were weighed by; empty for equal weights
/// @param samples one for each explanation
/// @param totals the ways to decide, side by side
/// @param gammas what EASE comes to with other exponents
/// @param questions how many questions were put to the model
/// @param prompts as they were put, by step, with their places
/// @param notes what a reader should know
public record VoteReport(
    String question,
    String direct,
    List<String> labels,
    String by,
    String answers,
    double temperature,
    long seed,
    double gamma,
    List<String> weights,
    List<Sample> samples,
    List<Total> totals,
    List<Exponent> gammas,
    long questions,
    List<Prompted> prompts,
    List<String> notes) {

  /// One explanation.
  ///
  /// @param number from 0
  /// @param explanation as it was drawn or given
  /// @param said the answer that was drawn after it
  /// @param label which of the labels that is; empty for none
  /// @param probabilities of each label given the explanation
  /// @param argmax the most probable of them
  /// @param consistent whether that is what was said
  /// @param score probability of Yes beside No; empty where it was not asked for
  /// @param blankScore the same with an empty picture
  /// @param map likeness of maps
  /// @param weight product of what it is weighed by; 1 where weights are equal
  /// @param share of the weight of all explanations
  /// @param leftOut what EASE comes to without it; empty for the only one
  /// @param marginal what it adds to the probability of the answer of EASE: with it less without it
  /// @param blank probability of the answer of EASE given this explanation and an empty picture;
  ///   empty where the answer is read from the explanation alone
  public record Sample(
      int number,
      String explanation,
      String said,
      String label,
      @Unit("probability") List<Double> probabilities,
      String argmax,
      boolean consistent,
      @Unit("probability") Optional<Double> score,
      @Unit("probability") Optional<Double> blankScore,
      Optional<Double> map,
      double weight,
      double share,
      @Unit("probability") List<Double> leftOut,
      @Unit("probability") double marginal,
      @Unit("probability") Optional<Double> blank) {}

  /// One way to decide.
  ///
  /// @param name direct, greedy, majority, soft or ease
  /// @param what it is, in a few words
  /// @param answer it comes to
  /// @param distribution over the labels
  public record Total(
      String name, String what, String answer, @Unit("probability") List<Double> distribution) {}

  /// EASE with another exponent.
  ///
  /// @param gamma the exponent
  /// @param answer it comes to
  /// @param probability of that
  public record Exponent(double gamma, String answer, @Unit("probability") double probability) {}

  /// A prompt.
  ///
  /// @param step what it is for
  /// @param text with its places in braces
  public record Prompted(String step, String text) {}

  /// One way to decide, by its name.
  public Total total(String name) {
    return totals.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
  }

  /// The part of explanations whose own answer is another one than what they make most probable.
  public double inconsistency() {
    return samples.stream().mapToDouble(one -> one.consistent() ? 0 : 1).average().orElse(0);
  }
}
