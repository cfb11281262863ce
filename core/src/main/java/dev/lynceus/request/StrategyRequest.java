package dev.lynceus.request;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Asks by a strategy, and keeps every question that it puts to the model; some of them can be put
/// otherwise, and what comes after them follows. Strategies are in the lab ([StrategyRunner]).
///
/// @param strategy which one
/// @param candidates answers that are decided among; none = those that are said
/// @param rounds explanations that vote, or questions that refine a description; empty = 5, and 1
/// @param marks operators of `mark`, as the command names them; none = box, crop, blackout
/// @param box where `mark` and `think` look, `[left, top, right, bottom]` in pixels; none = where a
///   map is strongest
/// @param temperature of explanations that are drawn
/// @param seed of draws and of controls
/// @param prompts of one's own, in the place of the strategy's; `mark` has none
/// @param edits of its questions
/// @param maxTokens most tokens of each answer; empty = what the checkpoint says, else 64
public record StrategyRequest(
    ModelSpec model,
    Question question,
    @Setting(otherwise = "think") Kind strategy,
    List<String> candidates,
    @Setting(least = 0, most = 100) OptionalInt rounds,
    List<String> marks,
    @Setting(least = 0, most = 1_000_000_000) List<Integer> box,
    @Setting(otherwise = "0.7", least = 0, most = 1000) double temperature,
    @Setting(otherwise = "0") long seed,
    List<Prompt> prompts,
    List<Edit> edits,
    @Setting(least = 1, most = 1_000_000) OptionalInt maxTokens)
    implements Request<StrategyResult> {

  /// A strategy.
  public enum Kind {
    /// A picture is described, and answers are read from the words.
    DESCRIBE,
    /// Steps make pictures of the picture, each is read.
    THINK,
    /// Explanations are drawn, and vote.
    VOTE,
    /// Marks point at a part of the picture.
    MARK
  }

  /// A prompt of one's own.
  ///
  /// @param name of the prompt, as the result tells it
  /// @param text with places in braces, which are filled in
  public record Prompt(String name, String text) {}

  /// A question that is put otherwise.
  ///
  /// @param step its number in the ledger
  /// @param prompt in the place of its words; empty = as they are
  /// @param answer in the place of the model's, of a question that it answers freely; empty = the
  ///   model's
  /// @param picture in the place of its first one; empty = as it is
  public record Edit(
      @Setting(least = 0, most = 100_000) int step,
      Optional<String> prompt,
      Optional<String> answer,
      Optional<PictureRef> picture) {}

  public StrategyRequest {
    candidates = List.copyOf(candidates);
    marks = List.copyOf(marks);
    box = List.copyOf(box);
    prompts = List.copyOf(prompts);
    edits = List.copyOf(edits);
    if (!box.isEmpty()
        && (box.size() != 4 || box.get(0) >= box.get(2) || box.get(1) >= box.get(3))) {
      throw wrong(
          "%s is no box".formatted(box), "Give left, top, right, bottom in pixels of the picture.");
    }
    if (question.pictures().isEmpty()) {
      throw wrong(
          "a strategy is about a picture, and there is none", "Name a picture with the question.");
    }
    if (prompts.stream().map(Prompt::name).distinct().count() != prompts.size()) {
      throw wrong("a prompt is given twice", "Give one text for each prompt.");
    }
    if (edits.stream().map(Edit::step).distinct().count() != edits.size()) {
      throw wrong("a step is edited twice", "Give one edit for each step.");
    }
  }

  private static LynceusException wrong(String what, String next) {
    return new LynceusException(ErrorCode.BAD_REQUEST, what, next);
  }
}
