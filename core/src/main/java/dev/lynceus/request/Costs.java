package dev.lynceus.request;

import dev.lynceus.run.Cost;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// What a method told of its cost; a method of several sweeps tells several.
final class Costs implements Consumer<Cost> {
  private final Consumer<Cost> reader;
  private final List<Cost> told = new ArrayList<>();

  Costs(Consumer<Cost> reader) {
    this.reader = reader;
  }

  @Override
  public void accept(Cost cost) {
    told.add(cost);
    reader.accept(cost);
  }

  /// That of all sweeps together.
  Optional<Cost> all() {
    return told.stream().reduce(Cost::plus);
  }
}
