package dev.lynceus.lab.train;

import dev.lynceus.lab.train.ReaderTrainer.Part;
import java.util.Map;
import java.util.Set;

/// The one stage of the training of a reader.
record ReaderCourse(Schedule<Part> schedule) implements Course<Part> {
  private static final double HEAD = 10;

  static ReaderCourse of(ReaderPlan plan) {
    Map<Part, Double> rates =
        switch (plan.learns()) {
          case ALL -> Map.of(Part.ENCODER, plan.rate(), Part.HEAD, HEAD * plan.rate());
          case HEAD -> Map.of(Part.HEAD, HEAD * plan.rate());
        };
    int warmUp = (int) Math.clamp(plan.steps() / 10, 1, 100);
    return new ReaderCourse(new Schedule<>(rates, warmUp, true));
  }

  @Override
  public String label() {
    return ReaderTrainer.LABEL;
  }

  @Override
  public int ordinal() {
    return 0;
  }

  /// Fewer than of small models: a step takes seconds.
  @Override
  public int pause() {
    return 50;
  }

  @Override
  public Set<Part> parts() {
    return schedule.rates().keySet();
  }

  @Override
  public Map<Part, Double> rates(long step, long all) {
    return schedule.at(step, all);
  }
}
