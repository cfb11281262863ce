package dev.lynceus.lab.train;

import dev.lynceus.lab.train.Parameters.Part;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// The stages of the training. Text and tower do not depend on each other and may run side by side.
public enum Stage implements Course<Part> {
  /// The decoder copies.
  COPY(List.of(), Map.of(Part.DECODER, 1e-3), 100, 1600, 64, false),
  /// The decoder answers questions about texts: the base model.
  TEXT(List.of("COPY"), Map.of(Part.DECODER, 8e-4), 50, 2400, 24, true),
  /// The tower tells what patches show.
  TOWER(List.of(), Map.of(Part.TOWER, 1.2e-3, Part.READOUT, 1.2e-3), 100, 3600, 32, true),
  /// The projector learns to feed the base model; both others are frozen.
  PROJECTOR(List.of("TEXT", "TOWER"), Map.of(Part.PROJECTOR, 2e-3), 30, 300, 16, true),
  /// Everything learns to answer questions about pictures.
  TUNE(
      List.of("TEXT", "TOWER", "PROJECTOR"),
      Map.of(Part.PROJECTOR, 1e-3, Part.DECODER, 8e-4, Part.TOWER, 3e-4),
      50,
      5000,
      16,
      true);

  private final List<String> after;
  private final Schedule<Part> schedule;
  private final int steps;
  private final int examples;

  Stage(
      List<String> after,
      Map<Part, Double> rates,
      int warmUp,
      int steps,
      int examples,
      boolean decays) {
    this.after = after;
    this.schedule = new Schedule<>(rates, warmUp, decays);
    this.steps = steps;
    this.examples = examples;
  }

  @Override
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Stages whose results this one begins from; a later one of the list replaces parts of an
  /// earlier.
  List<Stage> after() {
    return after.stream().map(Stage::valueOf).toList();
  }

  @Override
  public Set<Part> parts() {
    return EnumSet.copyOf(schedule.rates().keySet());
  }

  /// Steps of the stage where no other number is asked for.
  public int steps() {
    return steps;
  }

  /// Examples of a step.
  int examples() {
    return examples;
  }

  @Override
  public Map<Part, Double> rates(long step, long all) {
    return schedule.at(step, all);
  }
}
