package dev.lynceus.lab.experiment;

import java.util.List;

/// All rows of one example, as the ledger keeps them: they come together or not at all.
///
/// @param example the example itself
/// @param units numbers about parts of the model and of the example
/// @param maps of its pictures
/// @param evidence words of its answer
public record Outcome(
    ExampleRow example, List<UnitRow> units, List<MapRow> maps, List<WordRow> evidence) {
  public Outcome {
    units = List.copyOf(units);
    maps = List.copyOf(maps);
    evidence = List.copyOf(evidence);
  }
}
