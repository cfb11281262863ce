package dev.lynceus.model.decoder;

import dev.lynceus.model.config.Config;
import dev.lynceus.model.config.PositionLimit;
import dev.lynceus.model.config.RopeConfig;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.nn.RopeScaling;
import tools.jackson.databind.JsonNode;

/// What a family takes where its config says nothing, and how the keys that all families share are
/// read.
///
/// @param keyHeads 0 = as many as there are query heads
/// @param headWidth 0 = width of the stream divided by the heads
record DecoderDefaults(
    int vocabulary,
    int width,
    int inner,
    int layers,
    int heads,
    int keyHeads,
    int headWidth,
    int maxPositions,
    double normEps,
    boolean tied) {

  /// The config of a decoder with a function of this name, without biases, windows and scales.
  ///
  /// @param c its config
  TextConfig read(Config c, String family) {
    return read(c, family, false);
  }

  /// The same.
  ///
  /// @param partly whether the family rotates only the share of a head that `partial_rotary_factor`
  ///   names; others take no notice of it
  TextConfig read(Config c, String family, boolean partly) {
    return read(c, family, partly, 10000);
  }

  /// The same.
  ///
  /// @param theta base of the rotary encoding
  TextConfig read(Config c, String family, double theta) {
    return read(c, family, false, theta);
  }

  private TextConfig read(Config c, String family, boolean partly, double theta) {
    int ownWidth = c.size("hidden_size", width);
    int ownHeads = c.size("num_attention_heads", heads);
    int shared = keyHeads == 0 || c.isNull("num_key_value_heads") ? ownHeads : keyHeads;
    int ownKeyHeads = c.size("num_key_value_heads", shared);
    int perHead = headWidth == 0 ? Math.max(1, ownWidth / ownHeads) : headWidth;
    int ownHeadWidth = c.size("head_dim", perHead);
    int ownLayers = c.layers("num_hidden_layers", layers);
    int stored = c.size("max_position_embeddings", maxPositions);
    if (ownHeads % ownKeyHeads != 0) {
      throw c.bad(
          "num_attention_heads = %d is not a multiple of num_key_value_heads = %d"
              .formatted(ownHeads, ownKeyHeads));
    }
    int rotated = partly ? RopeConfig.rotated(c, ownHeadWidth) : ownHeadWidth;
    if (rotated % 2 != 0) {
      throw c.bad("heads of %d coordinates cannot be rotated in pairs".formatted(rotated));
    }
    if ((long) ownHeads * ownHeadWidth > Integer.MAX_VALUE) {
      throw c.bad("%d heads of %d are more than any model has".formatted(ownHeads, ownHeadWidth));
    }
    int limit = PositionLimit.read(c, stored).positions();
    RopeScaling rope =
        RopeConfig.checked(c, RopeConfig.read(c, theta, stored, partly), rotated, limit);
    return new TextConfig(
        family,
        c.size("vocab_size", vocabulary),
        ownWidth,
        ownLayers,
        limit,
        TextConfig.Heads.of(ownHeads, ownKeyHeads, ownHeadWidth, ownLayers, rope).rotating(rotated),
        new TextConfig.FeedForward(
            c.size("intermediate_size", inner), c.activation("hidden_act", "silu"), false),
        new TextConfig.Norms(c.epsilon("rms_norm_eps", normEps), 0),
        new TextConfig.Embedding(1, c.flag("tie_word_embeddings", tied)));
  }

  /// Which layers see the whole sequence, where a config names the kind of each.
  ///
  /// @param slides whether there is a window
  static boolean[] namedLayers(Config c, boolean slides, int layers) {
    JsonNode types = c.json().path("layer_types");
    if (!types.isArray() || types.size() != layers) {
      throw c.bad("layer_types has %d entries for %d layers".formatted(types.size(), layers));
    }
    boolean[] whole = new boolean[layers];
    for (int l = 0; l < layers; l++) {
      whole[l] =
          switch (types.get(l).asString("")) {
            case "full_attention", "attention" -> true;
            case "sliding_attention" -> false;
            default -> throw c.unsupported("layer_types", "full_attention, sliding_attention");
          };
      if (!whole[l] && !slides) {
        throw c.bad("layer_types names sliding_attention, and no sliding_window is in use");
      }
    }
    return whole;
  }

  /// The windows of Qwen: the layers from `max_window_layers` on, or those that `layer_types`
  /// names, where `use_sliding_window` is true.
  static TextConfig qwenWindows(Config c, TextConfig config) {
    boolean slides = c.flag("use_sliding_window", false) && !c.isNull("sliding_window");
    int first = slides ? c.integer("max_window_layers", 28) : Integer.MAX_VALUE;
    boolean[] whole = new boolean[config.layers()];
    if (c.has("layer_types")) {
      whole = namedLayers(c, slides, whole.length);
    } else {
      for (int l = 0; l < whole.length; l++) {
        whole[l] = l < first;
      }
    }
    return slides
        ? config.with(config.attention().sliding(whole, c.size("sliding_window", 4096)))
        : config;
  }
}
