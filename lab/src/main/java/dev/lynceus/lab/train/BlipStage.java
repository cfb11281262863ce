package dev.lynceus.lab.train;

import dev.lynceus.lab.train.BlipShape.Part;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// The stages of the training of a BLIP, one after the other.
public enum BlipStage implements Course<Part> {
  /// The tower tells what patches show, as Pupil's does.
  TOWER(Map.of(Part.TOWER, 2e-3, Part.READOUT, 2e-3), 100, 2400, 32),
  /// Words learn which patches show them, as regions and words are aligned before a model is asked.
  ALIGN(Map.of(Part.LEXICON, 1e-2), 10, 200, 32),
  /// Everything learns to answer questions about pictures.
  ASK(Map.of(Part.TOWER, 4e-4, Part.LEXICON, 1.5e-3, Part.WORDS, 1.5e-3), 60, 1000, 16);

  private final Schedule<Part> schedule;
  private final int steps;
  private final int examples;

  BlipStage(Map<Part, Double> rates, int warmUp, int steps, int examples) {
    this.schedule = new Schedule<>(rates, warmUp, true);
    this.steps = steps;
    this.examples = examples;
  }

  @Override
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Stages whose results this one begins from.
  List<BlipStage> after() {
    return Arrays.asList(values()).subList(0, ordinal());
  }

  @Override
  public Set<Part> parts() {
    return EnumSet.copyOf(schedule.rates().keySet());
  }

  /// Steps of the stage where no other number is asked for.
  public int steps() {
    return steps;
  }

  /// Pictures of a step.
  int examples() {
    return examples;
  }

  @Override
  public Map<Part, Double> rates(long step, long all) {
    return schedule.at(step, all);
  }
}
