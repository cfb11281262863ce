package dev.lynceus.model.decoder;

import dev.lynceus.model.config.Config;
import dev.lynceus.model.config.ConfigKeys;
import dev.lynceus.model.text.TextConfig;

/// Qwen3: queries and keys of each head have a norm of their own.
final class Qwen3Family implements DecoderFamily {
  private static final DecoderDefaults DEFAULTS =
      new DecoderDefaults(151936, 4096, 22016, 32, 32, 32, 128, 32768, 1e-6, false);

  @Override
  public String type() {
    return "qwen3";
  }

  @Override
  public ConfigKeys keys() {
    return ConfigKeys.ofDecoder(
        type(),
        "attention_bias use_sliding_window sliding_window max_window_layers layer_types",
        "");
  }

  @Override
  public TextConfig read(Config c) {
    TextConfig config = DEFAULTS.read(c, type());
    boolean bias = c.flag("attention_bias", false);
    return DecoderDefaults.qwenWindows(
        c, config.with(config.attention().biases(bias, bias).withNorms()));
  }
}
