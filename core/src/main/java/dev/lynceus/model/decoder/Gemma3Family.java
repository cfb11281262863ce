package dev.lynceus.model.decoder;

import dev.lynceus.model.config.Config;
import dev.lynceus.model.config.ConfigKeys;
import dev.lynceus.model.config.RopeConfig;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.nn.RopeScaling;
import tools.jackson.databind.JsonNode;

/// Gemma 3: norms behind attention and feed-forward network, too, norms of queries and keys, and
/// two kinds of layers, of which those with a window rotate by a base of their own.
final class Gemma3Family implements DecoderFamily {
  private static final DecoderDefaults DEFAULTS =
      new DecoderDefaults(262208, 2304, 9216, 26, 8, 4, 256, 131072, 1e-6, true);

  @Override
  public String type() {
    return "gemma3_text";
  }

  @Override
  public ConfigKeys keys() {
    return ConfigKeys.ofDecoder(
        type(),
        """
        attention_bias hidden_activation query_pre_attn_scalar sliding_window sliding_window_pattern
        layer_types rope_local_base_freq
        """,
        "");
  }

  @Override
  public TextConfig read(Config c) {
    TextConfig config =
        DEFAULTS.read(RopeConfig.ofLayers(c, "full_attention", "rope_theta", 1e6), type());
    Config local = RopeConfig.ofLayers(c, "sliding_attention", "rope_local_base_freq", 1e4);
    RopeScaling near =
        RopeConfig.checked(
            local,
            RopeConfig.read(local, 1e4, config.maxPositions()),
            config.headWidth(),
            config.maxPositions());
    boolean bias = c.flag("attention_bias", false);
    return config
        .with(
            config
                .attention()
                .biases(bias, bias)
                .withNorms()
                .sliding(whole(c, config.layers()), c.size("sliding_window", 4096))
                .locally(near)
                .scaled(1 / Math.sqrt(c.positive("query_pre_attn_scalar", 256))))
        .with(
            new TextConfig.FeedForward(
                config.inner(), c.activation("hidden_activation", "gelu_pytorch_tanh"), false))
        .with(
            new TextConfig.Norms(
                config.normEps(), 1, TextConfig.Norms.Kind.RMS, TextConfig.Norms.Place.AROUND))
        .with(new TextConfig.Embedding(Math.sqrt(config.width()), config.embedding().tied()));
  }

  /// Alone, the reference library bends the logits where a config asks for it; in a larger model it
  /// does not.
  @Override
  public TextConfig readAlone(Config c) {
    if (!c.isNull("final_logit_softcapping") && c.has("final_logit_softcapping")) {
      throw c.unsupported("final_logit_softcapping", "null");
    }
    return read(c);
  }

  /// Which layers see the whole sequence: as `layer_types` says, else every sixth.
  private static boolean[] whole(Config c, int layers) {
    if (c.isNull("sliding_window")) {
      throw c.bad("sliding_window", "how many positions a layer sees");
    }
    JsonNode types = c.json().path("layer_types");
    if (!types.isMissingNode() && !types.isNull()) {
      return DecoderDefaults.namedLayers(c, true, layers);
    }
    int pattern = c.size("sliding_window_pattern", 6);
    boolean[] whole = new boolean[layers];
    for (int l = 0; l < layers; l++) {
      whole[l] = (l + 1) % pattern == 0;
    }
    return whole;
  }
}
