package dev.lynceus.model.config;

import dev.lynceus.nn.RopeScaling;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads the rotary encoding of a config: `rope_theta` with `rope_scaling` as older files write it,
/// or `rope_parameters` as newer ones do. Where both are there, `rope_scaling` is read and nothing
/// of `rope_parameters`, its base included, as the reference library does.
public final class RopeConfig {
  private RopeConfig() {}

  /// The scaling that a decoder's config names, where heads are rotated whole.
  ///
  /// @throws dev.lynceus.error.LynceusException as the next
  public static RopeScaling read(Config config, double defaultTheta, int maxPositions) {
    return read(config, defaultTheta, maxPositions, false);
  }

  /// The scaling that a decoder's config names.
  ///
  /// @param partly whether the family rotates only a share of each head
  /// @throws dev.lynceus.error.LynceusException UNSUPPORTED_MODEL for a kind that is not known;
  ///   BAD_CHECKPOINT for numbers that give no rotation
  public static RopeScaling read(
      Config config, double defaultTheta, int maxPositions, boolean partly) {
    Config part = part(config);
    for (String layers : new String[] {"full_attention", "sliding_attention"}) {
      if (part.has(layers)) {
        throw part.unsupported(layers, "one rotation for all layers");
      }
    }
    double theta = part.positive("rope_theta", config.positive("rope_theta", defaultTheta));
    String kind = kind(part);
    if (!kind.equals("default") && !partly) {
      requireWholeHead(part.has(PARTIAL) ? part : config);
    }
    int original = original(config, part, maxPositions);
    double attention =
        part.has("attention_factor") ? part.epsilon("attention_factor", 1) : Double.NaN;
    return switch (kind) {
      case "default" -> new RopeScaling.Default(theta);
      case "linear" -> new RopeScaling.Linear(theta, given(part, "factor"));
      case "dynamic" -> new RopeScaling.Dynamic(theta, given(part, "factor"), maxPositions);
      case "yarn" ->
          new RopeScaling.Yarn(
              theta,
              named(part, stretch(part, maxPositions, original)),
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
              stretch(part, maxPositions, original),
              original,
              factors(part, "short_factor"),
              factors(part, "long_factor"),
              attention);
      case "llama3" ->
          new RopeScaling.Llama3(
              theta,
              given(part, "factor"),
              given(part, "low_freq_factor"),
              given(part, "high_freq_factor"),
              original);
      default ->
          throw part.unsupported(kindKey(part), "default, linear, dynamic, yarn, longrope, llama3");
    };
  }

  /// The config of a kind of layers, where a family rotates those with a window otherwise than the
  /// others. `rope_parameters` has a part for each kind; `rope_scaling` belongs to
  /// `full_attention`.
  ///
  /// @param kind `full_attention` or `sliding_attention`
  /// @param thetaKey the base of the kind, where its part names none
  /// @return the same config with one rotation
  public static Config ofLayers(Config config, String kind, String thetaKey, double theta) {
    if (config.has("rope_parameters")) {
      for (String key : config.at("rope_parameters").json().propertyNames()) {
        if (!key.equals("full_attention") && !key.equals("sliding_attention")) {
          throw config
              .at("rope_parameters")
              .unsupported(key, "full_attention and sliding_attention alone");
        }
      }
    }
    ObjectNode whole = (ObjectNode) config.json().deepCopy();
    ObjectNode own = whole.objectNode();
    own.setAll((ObjectNode) objectOr(config.at("rope_parameters").at(kind).json(), whole));
    if (kind.equals("full_attention")) {
      own.setAll((ObjectNode) objectOr(config.at("rope_scaling").json(), whole));
    }
    whole.remove("rope_scaling");
    whole.put("rope_theta", config.positive(thetaKey, theta));
    whole.set("rope_parameters", own);
    return new Config(whole, config.where());
  }

  private static JsonNode objectOr(JsonNode json, ObjectNode factory) {
    return json.isObject() ? json : factory.objectNode();
  }

  /// Coordinates of a head that are rotated, where the family reads `partial_rotary_factor`.
  ///
  /// @throws dev.lynceus.error.LynceusException BAD_CHECKPOINT for a share that is none
  public static int rotated(Config config, int headWidth) {
    Config holder = part(config).has(PARTIAL) ? part(config) : config;
    double share = holder.number(PARTIAL, 1);
    int rotated = (int) (headWidth * share);
    if (!(share <= 1) || rotated < 2) {
      throw holder.bad(PARTIAL, "a share of a head of " + headWidth);
    }
    return rotated;
  }

  /// Requires that a scaling gives every pair of coordinates of a head a rotation, for short
  /// sequences and for the longest.
  ///
  /// @throws dev.lynceus.error.LynceusException BAD_CHECKPOINT
  public static RopeScaling checked(
      Config config, RopeScaling scaling, int headWidth, int longest) {
    if (scaling instanceof RopeScaling.LongRope lists) {
      requireLength(part(config), "short_factor", lists.shortFactors().length, headWidth);
      requireLength(part(config), "long_factor", lists.longFactors().length, headWidth);
    }
    for (int length : new int[] {1, longest}) {
      RopeScaling.Frequencies made = scaling.frequencies(headWidth, length);
      boolean finite = Double.isFinite(made.attentionFactor());
      for (float frequency : made.inverse()) {
        finite &= Float.isFinite(frequency);
      }
      if (!finite) {
        throw config.bad(
            "the rotary encoding (rope_theta, %s) gives no finite numbers for heads of %d"
                .formatted(key(config), headWidth));
      }
    }
    return scaling;
  }

  /// The part that is read.
  public static Config part(Config config) {
    return config.at(key(config));
  }

  /// The name of the part that is read.
  public static String key(Config config) {
    boolean older = config.has("rope_scaling") && !config.at("rope_scaling").json().isEmpty();
    return older || !config.has("rope_parameters") ? "rope_scaling" : "rope_parameters";
  }

  /// The kind that a part names.
  public static String kind(Config part) {
    return part.text(kindKey(part), "default");
  }

  private static String kindKey(Config part) {
    return part.has("rope_type") ? "rope_type" : "type";
  }

  /// The positions that a model was trained on before they were stretched. The config's own key
  /// goes before that of the part, as in the reference library.
  static int original(Config config, Config part, int maxPositions) {
    return config.size(
        "original_max_position_embeddings",
        part.size("original_max_position_embeddings", maxPositions));
  }

  /// How many times positions are stretched, for kinds that may leave it to the two lengths.
  static double stretch(Config part, int maxPositions, int original) {
    return part.positive("factor", (double) maxPositions / original);
  }

  /// The share of a head that is rotated, as configs call it.
  public static final String PARTIAL = "partial_rotary_factor";

  /// The reference library makes too few rotations for a head then, and stops.
  private static void requireWholeHead(Config holder) {
    if (holder.number(PARTIAL, 1) != 1) {
      throw holder.unsupported(PARTIAL, "1, together with a scaling");
    }
  }

  /// YaRN's factor may be null, and must be there.
  private static double named(Config part, double factor) {
    if (!part.json().has("factor")) {
      throw part.bad("factor", "a number above zero");
    }
    return factor;
  }

  private static double given(Config part, String key) {
    if (!part.has(key)) {
      throw part.bad(key, "a number above zero");
    }
    return part.positive(key, 1);
  }

  private static double[] factors(Config part, String key) {
    double[] factors = part.numbers(key).orElseThrow(() -> part.bad(key, "a list of numbers"));
    for (double factor : factors) {
      if (!((float) factor > 0) || !Float.isFinite((float) factor)) {
        throw part.bad(key, "a list of numbers above zero");
      }
    }
    return factors;
  }

  private static void requireLength(Config part, String key, int length, int headWidth) {
    if (length != headWidth / 2) {
      throw part.bad(
          "%s has %d numbers, heads of %d need %d"
              .formatted(key, length, headWidth, headWidth / 2));
    }
  }

  /// The reference library takes 0 for absent here.
  private static double orDefault(double value, double otherwise) {
    return value == 0 ? otherwise : value;
  }
}
