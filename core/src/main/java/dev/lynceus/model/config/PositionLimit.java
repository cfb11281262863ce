package dev.lynceus.model.config;

/// How many positions a decoder may be asked about. A config that stretches the rotary encoding
/// often keeps the length that the model had before, so the stretched length counts where it is
/// longer.
///
/// @param positions the limit
/// @param stored `max_position_embeddings`
/// @param reason what makes the limit longer than that, for people; empty where nothing does
public record PositionLimit(int positions, int stored, String reason) {

  /// More positions than any model has.
  public static final int MOST = 1 << 28;

  /// Keys by which training programs tell the length that they stretched a model to.
  private static final String[] LENGTHS = {
    "max_sequence_length", "model_max_length", "tokenizer_model_max_length"
  };

  /// Reads the limit of a decoder's config.
  ///
  /// @param stored what the config, or its family, has for `max_position_embeddings`
  public static PositionLimit read(Config config, int stored) {
    PositionLimit limit = new PositionLimit(stored, stored, "");
    Config part = RopeConfig.part(config);
    String kind = RopeConfig.kind(part);
    double factor =
        switch (kind) {
          // Gemma 3 tells the length that it was stretched to.
          case "linear", "dynamic", "llama3" ->
              config.text("model_type", "").equals("gemma3_text") ? 1 : part.number("factor", 1);
          case "yarn", "longrope", "su" ->
              RopeConfig.stretch(part, stored, RopeConfig.original(config, part, stored));
          default -> 1;
        };
    int before = kind.equals("dynamic") ? stored : RopeConfig.original(config, part, stored);
    limit =
        limit.orLonger(
            factor * before,
            "%s stretches %d positions %s times (%s)"
                .formatted(RopeConfig.key(config), before, plain(factor), kind));
    for (String key : LENGTHS) {
      if (config.has(key) && config.json().path(key).isIntegralNumber()) {
        limit = limit.orLonger(config.json().path(key).asDouble(), key + " = " + config.value(key));
      }
    }
    return limit;
  }

  private PositionLimit orLonger(double length, String why) {
    // Tokenizer libraries write lengths like 1e30 for "no limit known".
    boolean sane = length <= MOST;
    return sane && length > positions ? new PositionLimit((int) length, stored, why) : this;
  }

  private static String plain(double factor) {
    return factor == Math.rint(factor) ? String.valueOf((long) factor) : String.valueOf(factor);
  }
}
