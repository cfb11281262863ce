package dev.lynceus.model.catalog;

import dev.lynceus.model.config.Config;
import dev.lynceus.model.mae.Mae;
import dev.lynceus.model.mae.MaeConfig;
import dev.lynceus.tensor.file.Checkpoint;
import dev.lynceus.tensor.file.Weights;

/// Builds masked autoencoders.
public final class Autoencoders {
  private Autoencoders() {}

  /// Builds the model of a checkpoint. Weights are views of what the source holds: it must stay
  /// open.
  ///
  /// @param weights of this checkpoint, none of them taken yet
  /// @throws dev.lynceus.error.LynceusException UNSUPPORTED_MODEL for a checkpoint that is for
  ///   something else, and for an unknown config value; BAD_CHECKPOINT if weights are absent, of
  ///   another shape, or not known
  public static Mae build(Checkpoint checkpoint, Weights weights) {
    Purpose.require(checkpoint, Purpose.RECONSTRUCTS);
    Config config = new Config(checkpoint.config(), "config.json");
    Foreign.refuseQuantised(config);
    Settings.refuse(config);
    Foreign.refuse(config, weights);
    Mae mae = Mae.of(MaeConfig.read(config), weights);
    Models.requireAllTaken(weights, "vit_mae");
    return mae;
  }
}
