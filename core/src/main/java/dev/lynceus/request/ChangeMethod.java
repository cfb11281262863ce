package dev.lynceus.request;

import dev.lynceus.method.causal.Job;
import dev.lynceus.method.causal.Readout;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Capture;
import java.util.List;

/// What a request that changes a model does with a clean run.
///
/// @param <M> what a map is
interface ChangeMethod<M> {

  /// What the clean run keeps.
  Capture capture(LoadedModel model);

  /// The maps.
  List<M> explain(Run clean, Readout readout, Job job);

  /// What a map shows in a sentence or two; empty where the numbers must speak.
  ///
  /// @param word that was measured
  String conclusion(M map, String word);
}
