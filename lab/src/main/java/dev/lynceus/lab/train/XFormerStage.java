package dev.lynceus.lab.train;

import dev.lynceus.lab.train.XFormerShape.Part;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// The stages of an X-Former's training. The first two make the towers, which are frozen after
/// that; the last two are those of the publication.
public enum XFormerStage {
  /// A tower learns which text belongs to a picture.
  TOWER(Map.of(Part.TOWER, 1e-3, Part.CAPTION, 1e-3), 100, 2500, 32, false),
  /// A masked autoencoder learns to make pixels.
  MAE(Map.of(Part.MAE, 1.5e-3), 100, 2500, 32, false),
  /// Queries and block learn by four losses.
  ALIGN(Map.of(Part.FORMER, 1.5e-3), 50, 700, 24, true),
  /// What the queries are becomes words of a frozen decoder, by its loss alone.
  ANSWER(Map.of(Part.FORMER, 5e-4, Part.BRIDGE, 2e-3), 30, 400, 8, true);

  private final Schedule<Part> schedule;
  private final int steps;
  private final int examples;
  private final boolean varies;

  XFormerStage(Map<Part, Double> rates, int warmUp, int steps, int examples, boolean varies) {
    this.schedule = new Schedule<>(rates, warmUp, true);
    this.steps = steps;
    this.examples = examples;
    this.varies = varies;
  }

  /// Name of its files.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Whether it is trained for each seed and variant, and not once for all.
  public boolean varies() {
    return varies;
  }

  /// Stages whose results this one begins from; a later one replaces parts of an earlier.
  List<XFormerStage> after() {
    return switch (this) {
      case TOWER, MAE -> List.of();
      case ALIGN -> List.of(TOWER, MAE);
      case ANSWER -> List.of(TOWER, MAE, ALIGN);
    };
  }

  /// Parts that it trains.
  Set<Part> parts() {
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

  /// Learning rates of a step.
  ///
  /// @param step 0 for the first
  Map<Part, Double> rates(long step, long all) {
    return schedule.at(step, all);
  }
}
