package dev.lynceus.lab.experiment;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.lab.data.DataSet;
import dev.lynceus.run.LedgerKey;
import dev.lynceus.run.LoadedModel;
import dev.lynceus.tensor.file.ContentDigest;
import java.util.List;

/// A procedure over a data set with a model.
///
/// @param data what it goes over: the rows that were selected, in their order
/// @param selection how they were selected, in words; empty where all were taken
/// @param procedure what is done with each
/// @param seeds of what is left to chance: one pass over the data for each
/// @param name that the user gives the run; empty for none
/// @param tags of the user
/// @param command that makes the run again; empty where it is no command
public record Experiment(
    DataSet data,
    String selection,
    Procedure procedure,
    List<Long> seeds,
    String name,
    List<String> tags,
    String command) {
  private static final int DIGITS = 10;

  public Experiment {
    seeds = List.copyOf(seeds);
    tags = List.copyOf(tags);
    if (seeds.isEmpty() || seeds.stream().distinct().count() < seeds.size()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          seeds.isEmpty() ? "an experiment has one seed at least" : "a seed comes twice",
          "Give different seeds, for example 1,2,3.");
    }
    if (data.items().isEmpty()) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          data.name() + " has no rows that were selected",
          "Select fewer conditions, or see what there is with lynceus data show.");
    }
  }

  /// All that its numbers depend on, pictures left out: those are kept with each row.
  LedgerKey key(LoadedModel model) {
    LedgerKey key =
        LedgerKey.of(model, Experiment.class, procedure.step().getClass())
            .with("the data set", data.digest())
            .with("the selection", selection)
            .with("the procedure", procedure.name() + " " + procedure.version())
            .with("the seeds", seeds.toString());
    for (var setting : procedure.settings().entrySet()) {
      key = key.with("the setting " + setting.getKey(), setting.getValue());
    }
    return key;
  }

  /// The id of its run: the same for the same experiment.
  String id(LedgerKey key) {
    return procedure.name() + "-" + ContentDigest.of(key.parts().toString()).substring(0, DIGITS);
  }

  /// Examples times seeds.
  int total() {
    return Math.multiplyExact(data.items().size(), seeds.size());
  }
}
