package dev.lynceus.lab.skill;

import dev.lynceus.method.score.Share;
import java.util.List;

/// How often a model does what each skill asks for.
///
/// @param model its name
/// @param seed of the exercises
/// @param scenes exercises of each skill
/// @param rows one for each skill, and for those that depend on it one for each number of things
public record SkillReport(String model, long seed, int scenes, List<Row> rows) {

  /// Some exercises of one skill.
  ///
  /// @param skill its name
  /// @param what it is, in a few words
  /// @param things how many there were in the picture; 0 for all numbers together
  /// @param exact whole answers that are right, word for word, by greedy choice
  /// @param right the same, and descriptions that name the right things with the right colours in
  ///   another order
  /// @param chance what one gets who always gives the most frequent decisive words
  public record Row(
      String skill, String what, int things, Share exact, Share right, double chance) {}

  public SkillReport {
    rows = List.copyOf(rows);
  }
}
