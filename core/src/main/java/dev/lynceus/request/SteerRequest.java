package dev.lynceus.request;

import dev.lynceus.method.causal.ReadingVector;
import dev.lynceus.method.causal.Steering;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Steering: adds a direction to the model's states while it answers, and random ones beside it.
///
/// @param measure what is measured of every run; the usual word is the first of two words
/// @param direction where it comes from
/// @param point where it is found and added
/// @param layer in which layer; empty = the middle one
/// @param positions where it is added
/// @param strengths what it is multiplied with
/// @param randoms random directions of the same length
/// @param seed of the random directions, and of how a direction of questions is tried
/// @param maxTokens most tokens of each answer; empty = 16, or what the checkpoint says
public record SteerRequest(
    ModelSpec model,
    Question question,
    @Setting(otherwise = "word") Measure measure,
    Towards direction,
    @Setting(otherwise = "resid_post") String point,
    @Setting(least = 0, most = 100_000) OptionalInt layer,
    @Setting(otherwise = "last") String positions,
    @Setting(otherwise = "-1,-0.5,0,0.25,0.5,1,2", least = -1_000_000, most = 1_000_000)
        List<Double> strengths,
    @Setting(otherwise = "5", least = 0, most = 10_000) int randoms,
    @Setting(otherwise = "0") long seed,
    @Setting(least = 1, most = 1_000_000) OptionalInt maxTokens)
    implements Change<Steering.Result> {

  /// Where a direction comes from.
  public sealed interface Towards {}

  /// The difference of the unembeddings of two words.
  ///
  /// @param word towards it
  /// @param other away from it
  public record Words(String word, String other) implements Towards {}

  /// What tells the states of questions from those of others.
  ///
  /// @param by how it is found
  public record Means(
      List<Example> with, List<Example> without, @Setting(otherwise = "means") ReadingVector.By by)
      implements Towards {}

  /// A file that `lynceus steer --save` wrote.
  public record Stored(String path) implements Towards {}

  /// A question whose state is taken.
  ///
  /// @param target the word that it is taken right before; empty = at the last position
  public record Example(Question question, Optional<String> target) {}

  public SteerRequest {
    strengths = List.copyOf(strengths);
  }
}
