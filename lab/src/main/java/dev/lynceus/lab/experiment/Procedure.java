package dev.lynceus.lab.experiment;

import dev.lynceus.lab.data.Example;
import dev.lynceus.run.LoadedModel;
import java.util.SequencedMap;

/// What is done with each example of a data set. One file each; the list is in `lab.procedure`.
public interface Procedure {
  /// What commands and tables call it.
  String name();

  /// Raised whenever the same example may give other numbers than before.
  int version();

  /// Its settings by name, those included that were not given.
  SequencedMap<String, String> settings();

  /// Does it.
  ///
  /// @param seed of what is left to chance; the same example and seed give the same rows
  /// @throws dev.lynceus.error.LynceusException what is wrong with this example; the others go on
  Outcome apply(LoadedModel model, Example example, long seed);
}
