package dev.lynceus.request;

import dev.lynceus.method.Finding;
import dev.lynceus.method.Unit;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;

/// What a strategy asked, step by step, and what came of it.
///
/// @param strategy which one it was
/// @param question that it was about
/// @param conclusion what it shows, in a sentence; of a strategy with edited steps what it shows
///   with them
/// @param prompts that the questions were made of; none of `mark`
/// @param steps every question that was put, in order; one that was put again in the same words
///   about the same pictures stands once
/// @param ways to answer, side by side
/// @param shots pictures of the steps
/// @param notes what should be known
public record StrategyResult(
    String strategy,
    String question,
    String conclusion,
    List<Prompt> prompts,
    List<Step> steps,
    List<Way> ways,
    List<Shot> shots,
    List<String> notes)
    implements Finding {
  public StrategyResult {
    // Results that were kept by an earlier version have none.
    prompts = List.copyOf(Objects.requireNonNullElse(prompts, List.of()));
    steps = List.copyOf(steps);
    ways = List.copyOf(ways);
    shots = List.copyOf(shots);
    notes = List.copyOf(notes);
  }

  /// A prompt.
  ///
  /// @param text with places in braces, as it was used
  /// @param places that it may have
  public record Prompt(String name, String text, List<String> places) {
    public Prompt {
      places = List.copyOf(places);
    }
  }

  /// How a question is answered.
  public enum Answering {
    /// By the most probable words.
    SAYS,
    /// By words that are drawn.
    DRAWS,
    /// By one of some candidates.
    CHOOSES
  }

  /// A question.
  ///
  /// @param number from 0
  /// @param name of its prompt; empty where it has none
  /// @param answering how it is answered
  /// @param pictures that were shown, by their sums
  /// @param prompt as it was put
  /// @param answer of the model, or the one that was given in its place
  /// @param options candidates, where there are some
  /// @param edited whether it was put otherwise, or answered in the model's place
  public record Step(
      int number,
      String name,
      Answering answering,
      List<String> pictures,
      String prompt,
      String answer,
      List<Option> options,
      boolean edited) {
    public Step {
      pictures = List.copyOf(pictures);
      options = List.copyOf(options);
    }
  }

  /// A candidate.
  public record Option(String text, @Unit("probability") double probability) {}

  /// A way to answer.
  ///
  /// @param what it is, in a few words
  /// @param probability of the answer; empty where none is known
  /// @param told what else is known of it; may be empty
  public record Way(
      String name,
      String what,
      String answer,
      @Unit("probability") OptionalDouble probability,
      String told) {}

  /// A picture of a step, made smaller where it is large.
  ///
  /// @param sha256 of its file
  /// @param width in pixels
  /// @param height in pixels
  /// @param png the file in base64
  public record Shot(String sha256, int width, int height, String png) {}
}
