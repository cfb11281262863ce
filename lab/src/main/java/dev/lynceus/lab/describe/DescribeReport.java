package dev.lynceus.lab.describe;

import dev.lynceus.lab.strategy.Choice;
import dev.lynceus.method.Unit;
import java.util.List;
import java.util.Optional;

/// What came of describing a picture.
///
/// @param question to be decided
/// @param labels what was decided among
/// @param by how the tokens of a label became one number
/// @param ledger every round: question, what was said, description, answer
/// @param ways to answer, side by side
/// @param parts what each part of the last description is worth
/// @param partKind what the parts are: sentence or item
/// @param shown worked examples that were shown
/// @param shots what other numbers of examples give; empty without a pool
/// @param comparison of the first description with the last; empty where they are one
/// @param judge who compared: model, or answer, by the probability of the seen answer
/// @param questions how many questions were put to the model
/// @param prompts as they were put, by step, with their places
/// @param notes what a reader should know
public record DescribeReport(
    String question,
    List<String> labels,
    String by,
    Refining.Ledger ledger,
    List<Way> ways,
    List<Part> parts,
    String partKind,
    List<Pool.Chosen> shown,
    List<Shots> shots,
    Optional<Comparing.Table> comparison,
    String judge,
    long questions,
    List<Prompted> prompts,
    List<String> notes) {

  /// One way to answer.
  ///
  /// @param name seen, described, first or blind
  /// @param what it is, in a few words
  /// @param answer the most probable candidate
  /// @param choice all candidates
  public record Way(String name, String what, String answer, Choice choice) {}

  /// A part of the description.
  ///
  /// @param text of it
  /// @param effect log probability of the described answer with it less that without it
  /// @param answer the most probable candidate without it
  public record Part(String text, @Unit("nats") double effect, String answer) {}

  /// With so many examples.
  ///
  /// @param shots how many
  /// @param probability of the described answer
  /// @param answer the most probable candidate
  public record Shots(int shots, @Unit("probability") double probability, String answer) {}

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
