package dev.lynceus.lab.think;

import dev.lynceus.lab.strategy.Choice;
import dev.lynceus.method.Unit;
import java.util.List;

/// What came of thinking in pictures.
///
/// @param question that was asked
/// @param planned who planned: given, model, model after a repair, chosen, or rules; with the
///   reason where the model's plan could not be read
/// @param shown how pictures of steps came to the model again: text, sheet or several
/// @param labels what was decided among
/// @param by how the tokens of a label became one number
/// @param thoughts of the chain in words
/// @param steps one for each of the plan
/// @param ways to answer, side by side
/// @param record what replays this, as JSON of its own; see [ThinkRecord]
/// @param questions how many questions were put to the model
/// @param prompts as they were put, by step, with their places
/// @param notes what a reader should know
public record ThinkReport(
    String question,
    String planned,
    String shown,
    List<String> labels,
    String by,
    String thoughts,
    List<Step> steps,
    List<Way> ways,
    String record,
    long questions,
    List<Prompted> prompts,
    List<String> notes) {

  /// One step.
  ///
  /// @param number from 0
  /// @param goal what it was for
  /// @param what was done with the picture, in a few words
  /// @param expect what it should show
  /// @param says what the tool itself knows
  /// @param read what the model read from the picture
  /// @param digest SHA-256 of the picture
  /// @param dropped log probability of the answer with all steps less that without this one
  /// @param neutral the same less that with an empty phrase in place of what was read
  /// @param random the same less the mean of crops of the same size elsewhere, read anew; NaN where
  ///   the step looks at no box
  /// @param attention part of the attention to the prompt that goes to what was read in this step,
  ///   mean over layers and heads, of the position that predicts the answer; NaN where that is not
  ///   known
  /// @param decorative whether the answer does not depend on it: neither without it nor with crops
  ///   elsewhere it changes by more than 0.05 nats; an empty phrase may disturb by itself
  public record Step(
      int number,
      String goal,
      String what,
      String expect,
      String says,
      String read,
      String digest,
      @Unit("nats") double dropped,
      @Unit("nats") double neutral,
      @Unit("nats") double random,
      double attention,
      boolean decorative) {}

  /// One way to answer.
  ///
  /// @param name direct, chain or thought
  /// @param what it is, in a few words
  /// @param answer the most probable candidate
  /// @param choice all candidates
  public record Way(String name, String what, String answer, Choice choice) {}

  /// A prompt.
  ///
  /// @param step what it is for
  /// @param text with its places in braces
  public record Prompted(String step, String text) {}

  /// One way to answer, by its name.
  public Way way(String name) {
    return ways.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
  }
}
