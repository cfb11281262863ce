package dev.lynceus.lab.train;

import dev.lynceus.lab.train.Parameters.Part;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// What may come after the last [Stage]: a model of the world learns more, from weights that are
/// there.
public enum SkillsStage implements Course<Part> {
  /// Further skills all together, while what is known is asked for again.
  SKILLS(
      2300,
      16,
      TokenizerFiles.SKILLS,
      Map.of(Part.PROJECTOR, 8e-4, Part.DECODER, 7e-4, Part.TOWER, 4e-4, Part.MARKS, 2e-3)),
  /// To read charts, in place of the world.
  CHARTS(
      6000,
      8,
      TokenizerFiles.CHARTS,
      Map.of(Part.PROJECTOR, 1e-3, Part.DECODER, 8e-4, Part.TOWER, 6e-4, Part.MARKS, 2e-3));

  private static final int WARM_UP = 60;

  private final int steps;
  private final int examples;
  private final TokenizerFiles words;
  private final Schedule<Part> schedule;

  SkillsStage(int steps, int examples, TokenizerFiles words, Map<Part, Double> rates) {
    this.steps = steps;
    this.examples = examples;
    this.words = words;
    this.schedule = new Schedule<>(rates, WARM_UP, true);
  }

  /// Steps where no other number is asked for.
  public int steps() {
    return steps;
  }

  /// Exercises of a step.
  int examples() {
    return examples;
  }

  /// The words that the model gets.
  TokenizerFiles words() {
    return words;
  }

  @Override
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  @Override
  public Set<Part> parts() {
    return EnumSet.copyOf(schedule.rates().keySet());
  }

  @Override
  public Map<Part, Double> rates(long step, long all) {
    return schedule.at(step, all);
  }
}
