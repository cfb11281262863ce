package dev.lynceus.model.decoder;

import dev.lynceus.model.config.Config;
import dev.lynceus.model.config.ConfigKeys;
import dev.lynceus.model.config.RopeConfig;
import dev.lynceus.model.text.TextConfig;
import dev.lynceus.nn.RopeScaling;
import java.util.Arrays;
import java.util.Objects;
import tools.jackson.databind.node.ObjectNode;

/// The decoders of Qwen-VL: those of Qwen2 and Qwen3 with positions of three coordinates. Each has
/// defaults of its own.
public final class QwenVlDecoders {
  private static final DecoderDefaults SECOND =
      new DecoderDefaults(152064, 8192, 29568, 80, 64, 8, 0, 32768, 1e-5, false);
  private static final DecoderDefaults THIRD =
      new DecoderDefaults(151936, 4096, 22016, 32, 32, 32, 128, 128000, 1e-6, false);

  private static final int[] SECOND_SECTIONS = {16, 24, 24};
  private static final int[] THIRD_SECTIONS = {24, 20, 20};

  private QwenVlDecoders() {}

  /// Keys of the rotary encoding that have an effect.
  public static final ConfigKeys ROPE =
      ConfigKeys.ROPE.and(ConfigKeys.of("", "mrope_section", "mrope_interleaved"));

  /// Which keys of a decoder's config have an effect.
  ///
  /// @param model `model_type` of the whole model
  public static ConfigKeys keys(String model) {
    return ConfigKeys.ofDecoder(
        model,
        model.equals("qwen3_vl")
            ? "attention_bias"
            : "use_sliding_window sliding_window max_window_layers layer_types",
        "");
  }

  /// Reads the config of a decoder.
  ///
  /// @param model `model_type` of the whole model
  /// @param tiedAbove whether the config of the model ties the unembedding to the embedding
  /// @throws dev.lynceus.error.LynceusException UNSUPPORTED_MODEL or BAD_CHECKPOINT, naming the key
  public static TextConfig read(Config c, String model, boolean tiedAbove) {
    String type = c.text("model_type", model);
    if (!type.equals(model) && !type.equals(model + "_text")) {
      throw c.unsupported("model_type", model + "_text");
    }
    boolean third = model.equals("qwen3_vl");
    Config plain = third ? c : plain(c);
    TextConfig config =
        (third ? THIRD : SECOND).read(plain, model + "_text", third ? 500_000 : 1_000_000);
    if (third) {
      boolean bias = c.flag("attention_bias", false);
      config = config.with(config.attention().biases(bias, bias).withNorms());
    } else {
      if (config.heads() * config.headWidth() != config.width()) {
        throw c.bad(
            "hidden_size = %d is not made of num_attention_heads = %d heads of %d"
                .formatted(config.width(), config.heads(), config.headWidth()));
      }
      config = DecoderDefaults.qwenWindows(c, config.with(config.attention().biases(true, false)));
    }
    config = config.with(config.attention().turning(axes(c, config, third)));
    return tiedAbove ? config.with(config.embedding().asTied()) : config;
  }

  /// The config with the name that older files have for this encoding taken for what it is beside
  /// its coordinates: the default.
  private static Config plain(Config c) {
    String key = RopeConfig.key(c);
    if (!c.has(key)) {
      return c;
    }
    Config part = RopeConfig.part(c);
    if (!RopeConfig.kind(part).equals("mrope")) {
      return c;
    }
    ObjectNode json = (ObjectNode) c.json().deepCopy();
    ObjectNode own = (ObjectNode) json.get(key);
    own.remove("type");
    own.put("rope_type", "default");
    return new Config(json, c.where());
  }

  private static RopeScaling axes(Config c, TextConfig config, boolean third) {
    Config part = RopeConfig.part(c);
    int[] sections =
        part.numbers("mrope_section")
            .map(numbers -> whole(part, numbers))
            .orElse(third ? THIRD_SECTIONS : SECOND_SECTIONS);
    int frequencies = config.headWidth() / 2;
    RopeScaling plain = Objects.requireNonNull(config.attention().rope());
    if (third) {
      if (sections.length < 3) {
        throw part.bad("mrope_section", "a list of three numbers");
      }
      return RopeScaling.Axes.interleaved(plain, sections, frequencies);
    }
    if (Arrays.stream(sections).sum() != frequencies) {
      throw part.bad(
          "mrope_section = %s is not made of the %d frequencies of a head of %d"
              .formatted(Arrays.toString(sections), frequencies, config.headWidth()));
    }
    return RopeScaling.Axes.inBlocks(plain, sections);
  }

  private static int[] whole(Config part, double[] numbers) {
    for (double number : numbers) {
      if (number != Math.rint(number) || number < 0 || number > Integer.MAX_VALUE) {
        throw part.bad("mrope_section", "a list of whole numbers");
      }
    }
    return Arrays.stream(numbers).mapToInt(number -> (int) number).toArray();
  }
}
