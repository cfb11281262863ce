package dev.lynceus.pupil.train;

import dev.lynceus.pupil.train.Parameters.Part;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// What may come after the last [Stage]: a model of the world learns further skills, while what it
/// knows is asked for again.
public enum SkillsStage implements Course<Part> {
  /// All skills together.
  SKILLS;

  /// Steps where no other number is asked for.
  public static final int STEPS = 2300;

  /// Exercises of a step.
  static final int EXAMPLES = 16;

  private static final Schedule<Part> SCHEDULE =
      new Schedule<>(
          Map.of(Part.PROJECTOR, 8e-4, Part.DECODER, 7e-4, Part.TOWER, 4e-4, Part.MARKS, 2e-3),
          60,
          true);

  @Override
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  @Override
  public Set<Part> parts() {
    return EnumSet.copyOf(SCHEDULE.rates().keySet());
  }

  @Override
  public Map<Part, Double> rates(long step, long all) {
    return SCHEDULE.at(step, all);
  }
}
