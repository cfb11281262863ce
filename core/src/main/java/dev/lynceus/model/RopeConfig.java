package dev.lynceus.model;

import dev.lynceus.nn.RopeScaling;

/// Reads the rotary encoding of a config: `rope_theta` with `rope_scaling` as older files write it,
/// or `rope_parameters` as newer ones do.
public final class RopeConfig {
  private RopeConfig() {}

  /// The scaling that a decoder's config names.
  ///
  /// @throws dev.lynceus.error.LynceusException UNSUPPORTED_MODEL for a kind that is not known
  public static RopeScaling read(Config config, double defaultTheta, int maxPositions) {
    Config part = config.at(config.has("rope_parameters") ? "rope_parameters" : "rope_scaling");
    double theta = part.number("rope_theta", config.number("rope_theta", defaultTheta));
    if (part.number("partial_rotary_factor", config.number("partial_rotary_factor", 1)) != 1) {
      throw part.unsupported("partial_rotary_factor", "1");
    }
    String kindKey = part.has("rope_type") ? "rope_type" : "type";
    // The config's own key goes before that of the part, as in the reference library.
    int original =
        config.integer(
            "original_max_position_embeddings",
            part.integer("original_max_position_embeddings", maxPositions));
    double factor = part.number("factor", 1);
    double stretch = part.number("factor", (double) maxPositions / original);
    double attention = part.number("attention_factor", Double.NaN);
    return switch (part.text(kindKey, "default")) {
      case "default" -> new RopeScaling.Default(theta);
      case "linear" -> new RopeScaling.Linear(theta, factor);
      case "dynamic" -> new RopeScaling.Dynamic(theta, factor, maxPositions);
      case "yarn" ->
          new RopeScaling.Yarn(
              theta,
              stretch,
              original,
              orDefault(part.number("beta_fast", 0), 32),
              orDefault(part.number("beta_slow", 0), 1),
              attention,
              part.number("mscale", 0),
              part.number("mscale_all_dim", 0),
              part.flag("truncate", true));
      case "longrope", "su" ->
          new RopeScaling.LongRope(
              theta,
              stretch,
              original,
              part.numbers("short_factor")
                  .orElseThrow(() -> part.unsupported("short_factor", "a list")),
              part.numbers("long_factor")
                  .orElseThrow(() -> part.unsupported("long_factor", "a list")),
              attention);
      case "llama3" ->
          new RopeScaling.Llama3(
              theta,
              factor,
              part.number("low_freq_factor", 1),
              part.number("high_freq_factor", 4),
              original);
      default ->
          throw part.unsupported(kindKey, "default, linear, dynamic, yarn, longrope, llama3");
    };
  }

  /// The reference library takes 0 for absent here.
  private static double orDefault(double value, double otherwise) {
    return value == 0 ? otherwise : value;
  }
}
