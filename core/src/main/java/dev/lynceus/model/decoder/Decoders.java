package dev.lynceus.model.decoder;

import dev.lynceus.error.LynceusException;
import dev.lynceus.model.config.Config;
import dev.lynceus.model.config.ConfigKeys;
import dev.lynceus.model.text.TextConfig;
import java.util.List;
import java.util.Optional;

/// The families of decoders that are computed.
public final class Decoders {
  private static final List<DecoderFamily> ALL =
      List.of(
          new LlamaFamily(),
          new MistralFamily(),
          new GemmaFamily(),
          new Gemma3Family(),
          new Qwen2Family(),
          new Qwen3Family(),
          new Phi3Family(),
          new OptFamily());

  private Decoders() {}

  /// Their types, in the order of the docs.
  public static List<String> types() {
    return ALL.stream().map(DecoderFamily::type).toList();
  }

  /// Whether a decoder of this type is computed.
  public static boolean know(String modelType) {
    return types().contains(modelType);
  }

  /// Which keys of a decoder's config have an effect; those of `llama` for an unknown type.
  public static ConfigKeys keys(String modelType) {
    return find(modelType).orElse(ALL.getFirst()).keys();
  }

  /// Reads the config of a text-only model.
  ///
  /// @throws LynceusException UNSUPPORTED_MODEL for an unknown `model_type` or value,
  ///   BAD_CHECKPOINT for a value that none can be made from
  public static TextConfig readAlone(Config config) {
    return family(config, "llama").readAlone(config);
  }

  /// Reads the `text_config` of a larger model.
  ///
  /// @param tiedAbove whether the config of the larger model ties the unembedding to the embedding,
  ///   which holds for its decoder, too
  /// @throws LynceusException as [#readAlone(Config)]
  public static TextConfig read(Config config, boolean tiedAbove) {
    return read(config, tiedAbove, "llama");
  }

  /// The same.
  ///
  /// @param usual the family where the config names none
  public static TextConfig read(Config config, boolean tiedAbove, String usual) {
    TextConfig own = family(config, usual).read(config);
    return tiedAbove ? own.with(own.embedding().asTied()) : own;
  }

  private static DecoderFamily family(Config config, String usual) {
    return find(config.text("model_type", usual))
        .orElseThrow(() -> config.unsupported("model_type", String.join(", ", types())));
  }

  private static Optional<DecoderFamily> find(String modelType) {
    return ALL.stream().filter(family -> family.type().equals(modelType)).findFirst();
  }
}
