package dev.lynceus.model.decoder;

import dev.lynceus.model.config.Config;
import dev.lynceus.model.config.ConfigKeys;
import dev.lynceus.model.config.RopeConfig;
import dev.lynceus.model.text.TextConfig;

/// Phi-3 and Phi-4: projections stored together, a window for all layers where the config names
/// one, and heads of which a share may be rotated.
final class Phi3Family implements DecoderFamily {
  private static final DecoderDefaults DEFAULTS =
      new DecoderDefaults(32064, 3072, 8192, 32, 32, 0, 0, 4096, 1e-5, false);

  @Override
  public String type() {
    return "phi3";
  }

  @Override
  public ConfigKeys keys() {
    return ConfigKeys.ofDecoder(type(), "sliding_window " + RopeConfig.PARTIAL, "attention_bias");
  }

  @Override
  public TextConfig read(Config c) {
    TextConfig config = DEFAULTS.read(c, type(), true);
    return c.has("sliding_window")
        ? config.with(
            config.attention().sliding(new boolean[config.layers()], c.size("sliding_window", 1)))
        : config;
  }
}
