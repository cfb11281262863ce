package dev.lynceus.model.decoder;

import dev.lynceus.model.config.Config;
import dev.lynceus.model.config.ConfigKeys;
import dev.lynceus.model.text.TextConfig;

/// Mistral: all layers see a window, where the config names one.
final class MistralFamily implements DecoderFamily {
  private static final DecoderDefaults DEFAULTS =
      new DecoderDefaults(32000, 4096, 14336, 32, 32, 8, 0, 131072, 1e-6, false);

  @Override
  public String type() {
    return "mistral";
  }

  @Override
  public ConfigKeys keys() {
    return ConfigKeys.ofDecoder(type(), "sliding_window layer_types", "");
  }

  @Override
  public TextConfig read(Config c) {
    TextConfig config = DEFAULTS.read(c, type());
    return windows(c, config, new boolean[config.layers()]);
  }

  /// The reference library takes a text-only mistral that names the kinds of its layers for
  /// ministral, where they hold; in a larger model it does not look at them.
  @Override
  public TextConfig readAlone(Config c) {
    if (!c.has("layer_types")) {
      return read(c);
    }
    TextConfig config = DEFAULTS.read(c, type());
    boolean slides = !c.isNull("sliding_window");
    return windows(c, config, DecoderDefaults.namedLayers(c, slides, config.layers()));
  }

  private static TextConfig windows(Config c, TextConfig config, boolean[] whole) {
    return c.isNull("sliding_window")
        ? config
        : config.with(config.attention().sliding(whole, c.size("sliding_window", 4096)));
  }
}
