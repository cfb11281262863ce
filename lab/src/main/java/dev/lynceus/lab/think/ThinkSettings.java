package dev.lynceus.lab.think;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.picture.Region;
import dev.lynceus.run.Candidates;
import java.util.List;
import java.util.Optional;

/// How it is thought.
///
/// @param planning who plans
/// @param plan the plan, where it is given
/// @param shown how pictures of steps come to the model again
/// @param labels what is decided among; empty: the answers that are said
/// @param by how the tokens of a label become one number
/// @param map the method whose map places what has no place; its usual one where empty
/// @param box a place in its stead
/// @param controls random crops beside the picture of each step
/// @param seed of these
public record ThinkSettings(
    Planning planning,
    Optional<Plan> plan,
    Shown shown,
    List<String> labels,
    Candidates.By by,
    Optional<String> map,
    Optional<Region.Box> box,
    int controls,
    long seed) {

  /// Who plans.
  public enum Planning {
    /// The model writes the plan; what cannot be read is asked for once more, then rules plan.
    MODEL,
    /// The most probable names of operations, one after the other.
    CHOSEN,
    /// Rules by the words of the question.
    RULES
  }

  /// How pictures of steps come to the model again, when it answers.
  public enum Shown {
    /// Not at all: only what was read from them, beside the original.
    TEXT,
    /// As one sheet, the original left, the others numbered.
    SHEET,
    /// One by one after the original.
    SEVERAL
  }

  /// Planned by the model, and told in words.
  public static final ThinkSettings USUAL =
      new ThinkSettings(
          Planning.MODEL,
          Optional.empty(),
          Shown.TEXT,
          List.of(),
          Candidates.By.SUM,
          Optional.empty(),
          Optional.empty(),
          3,
          0);

  public ThinkSettings {
    labels = List.copyOf(labels);
    if (labels.size() == 1
        || labels.stream().anyMatch(String::isBlank)
        || labels.stream().distinct().count() != labels.size()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "one candidate, one without words, or one twice",
          "Give at least two different ones.");
    }
    if (controls < 0 || controls > 100) {
      throw new LynceusException(ErrorCode.BAD_REQUEST, controls + " controls", "Use 0 to 100.");
    }
  }

  /// The same with a plan.
  public ThinkSettings withPlan(Plan given) {
    return new ThinkSettings(
        planning, Optional.of(given), shown, labels, by, map, box, controls, seed);
  }

  /// The same with other planning.
  public ThinkSettings withPlanning(Planning other) {
    return new ThinkSettings(other, plan, shown, labels, by, map, box, controls, seed);
  }

  /// The same with other labels.
  public ThinkSettings withLabels(List<String> others) {
    return new ThinkSettings(planning, plan, shown, others, by, map, box, controls, seed);
  }

  /// The same, shown in another way.
  public ThinkSettings withShown(Shown other) {
    return new ThinkSettings(planning, plan, other, labels, by, map, box, controls, seed);
  }
}
