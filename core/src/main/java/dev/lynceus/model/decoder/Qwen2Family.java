package dev.lynceus.model.decoder;

import dev.lynceus.model.config.Config;
import dev.lynceus.model.config.ConfigKeys;
import dev.lynceus.model.text.TextConfig;

/// Qwen2 and Qwen2.5: biases at queries, keys and values.
final class Qwen2Family implements DecoderFamily {
  private static final DecoderDefaults DEFAULTS =
      new DecoderDefaults(151936, 4096, 22016, 32, 32, 32, 0, 32768, 1e-6, false);

  @Override
  public String type() {
    return "qwen2";
  }

  @Override
  public ConfigKeys keys() {
    return ConfigKeys.ofDecoder(
        type(), "use_sliding_window sliding_window max_window_layers layer_types", "");
  }

  @Override
  public TextConfig read(Config c) {
    TextConfig config = DEFAULTS.read(c, type());
    return DecoderDefaults.qwenWindows(c, config.with(config.attention().biases(true, false)));
  }
}
