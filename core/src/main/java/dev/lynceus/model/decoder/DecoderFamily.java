package dev.lynceus.model.decoder;

import dev.lynceus.model.config.Config;
import dev.lynceus.model.config.ConfigKeys;
import dev.lynceus.model.text.TextConfig;

/// A family of decoders: how its config is read. Keys that a config leaves out have the defaults of
/// the family, as in the reference library; published checkpoints rely on that.
interface DecoderFamily {

  /// Its `model_type`, for example `qwen2`.
  String type();

  /// Which keys of its config have an effect.
  ConfigKeys keys();

  /// Reads its config where it is the decoder of a larger model.
  TextConfig read(Config config);

  /// Reads the config of a text-only model.
  default TextConfig readAlone(Config config) {
    return read(config);
  }
}
