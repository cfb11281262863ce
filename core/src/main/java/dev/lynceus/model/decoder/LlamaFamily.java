package dev.lynceus.model.decoder;

import dev.lynceus.model.config.Config;
import dev.lynceus.model.config.ConfigKeys;
import dev.lynceus.model.text.TextConfig;

/// Llama, and Vicuna, which is one.
final class LlamaFamily implements DecoderFamily {
  private static final DecoderDefaults DEFAULTS =
      new DecoderDefaults(32000, 4096, 11008, 32, 32, 0, 0, 2048, 1e-6, false);

  /// What Idefics3 writes for its decoder beside the rest.
  private static final String HARMLESS =
      """
      pretraining_tp is_llama_config perceiver_config pixel_shuffle_factor qk_layer_norms
      rope_interleaved use_resampler neftune_noise_alpha
      """;

  @Override
  public String type() {
    return "llama";
  }

  @Override
  public ConfigKeys keys() {
    return ConfigKeys.ofDecoder(type(), "attention_bias mlp_bias", HARMLESS);
  }

  @Override
  public TextConfig read(Config c) {
    TextConfig config = DEFAULTS.read(c, type());
    boolean bias = c.flag("attention_bias", false);
    TextConfig.FeedForward plain = config.feedForward();
    return config
        .with(config.attention().biases(bias, bias))
        .with(
            new TextConfig.FeedForward(
                plain.inner(), plain.activation(), c.flag("mlp_bias", false)));
  }
}
