package dev.lynceus.model.catalog;

import dev.lynceus.model.blip.BlipMatcher;
import dev.lynceus.model.blip2.Blip2Matcher;
import dev.lynceus.model.config.Config;
import dev.lynceus.model.match.Matcher;
import dev.lynceus.tensor.file.Checkpoint;
import dev.lynceus.tensor.file.Weights;

/// Builds models that say how well texts fit pictures.
public final class Matchers {
  private Matchers() {}

  /// Builds the model of a checkpoint. Weights are views of what the source holds: it must stay
  /// open.
  ///
  /// @param weights of this checkpoint, none of them taken yet
  /// @throws dev.lynceus.error.LynceusException UNSUPPORTED_MODEL for a checkpoint that is for
  ///   something else, an unknown family or config value; BAD_CHECKPOINT if weights are absent, of
  ///   another shape, or not known
  public static Matcher build(Checkpoint checkpoint, Weights weights) {
    Purpose.require(checkpoint, Purpose.MATCHES);
    Config config = new Config(checkpoint.config(), "config.json");
    String type = config.text("model_type", "");
    if (!type.equals("blip") && !type.equals("blip-2")) {
      throw config.unsupported("model_type", "blip, blip-2");
    }
    Foreign.refuseQuantised(config);
    Settings.refuse(config);
    Foreign.refuse(config, weights);
    Matcher matcher =
        type.equals("blip") ? BlipMatcher.of(config, weights) : Blip2Matcher.of(config, weights);
    Models.requireAllTaken(weights, type + " for matching");
    return matcher;
  }
}
