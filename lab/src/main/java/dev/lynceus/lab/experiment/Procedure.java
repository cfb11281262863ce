package dev.lynceus.lab.experiment;

import dev.lynceus.lab.data.Example;
import dev.lynceus.run.LoadedModel;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// What is done with each example of a data set.
///
/// @param name what commands and tables call it
/// @param version raised whenever the same example may give other numbers than before
/// @param settings by name, those included that were not given
/// @param step what is done
public record Procedure(
    String name, int version, SequencedMap<String, String> settings, Step step) {
  public Procedure {
    settings = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(settings));
  }

  /// What is done with one example; one file each, the list is in `lab.procedure`.
  @FunctionalInterface
  public interface Step {
    /// Does it.
    ///
    /// @param seed of what is left to chance; the same example and seed give the same rows
    /// @throws dev.lynceus.error.LynceusException what is wrong with this example; the others go on
    Outcome apply(LoadedModel model, Example example, long seed);
  }
}
