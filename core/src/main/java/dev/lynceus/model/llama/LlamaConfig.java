package dev.lynceus.model.llama;

import dev.lynceus.error.LynceusException;
import dev.lynceus.model.Config;
import dev.lynceus.model.PositionLimit;
import dev.lynceus.model.RopeConfig;
import dev.lynceus.nn.Activation;
import dev.lynceus.nn.RopeScaling;
import java.util.Arrays;
import tools.jackson.databind.JsonNode;

/// Sizes and switches of a Llama-like decoder. Keys that a config leaves out have the defaults of
/// its family, as in the reference library; published LLaVA checkpoints rely on that.
///
/// @param family `model_type`
/// @param vocabulary rows of the unembedding
/// @param width width of the residual stream
/// @param inner neurons of a feed-forward layer
/// @param keyHeads heads of keys and values; fewer than `heads` in grouped-query attention
/// @param headWidth width of one head; `heads * headWidth` may differ from `width`
/// @param normOffset what is added to norm weights: 1 for Gemma, else 0
/// @param embeddingScale factor on token embeddings: sqrt(width) for Gemma, else 1
/// @param queryBias whether query, key and value projections have a bias
/// @param outputBias whether the attention output projection has a bias
/// @param feedForwardBias whether the feed-forward projections have biases
/// @param windows per layer how many positions back a row sees, its own included
/// @param maxPositions most positions of a sequence; see [PositionLimit]
/// @param tied whether the unembedding is the embedding, where the checkpoint does not store both
public record LlamaConfig(
    String family,
    int vocabulary,
    int width,
    int inner,
    int layers,
    int heads,
    int keyHeads,
    int headWidth,
    double normEps,
    int normOffset,
    double embeddingScale,
    Activation activation,
    boolean queryBias,
    boolean outputBias,
    boolean feedForwardBias,
    int[] windows,
    RopeScaling rope,
    int maxPositions,
    boolean tied) {

  /// A window that sees everything.
  public static final int UNLIMITED = Integer.MAX_VALUE;

  /// Families that this decoder computes.
  public static boolean knows(String modelType) {
    return switch (modelType) {
      case "llama", "mistral", "gemma", "qwen2" -> true;
      default -> false;
    };
  }

  /// Reads the config of a text-only model.
  ///
  /// @throws LynceusException UNSUPPORTED_MODEL for an unknown `model_type` or value,
  ///   BAD_CHECKPOINT for a value that none can be made from
  public static LlamaConfig read(Config config) {
    LlamaConfig own = family(config);
    // The reference library takes a text-only mistral that names the kinds of its layers for
    // ministral, where they hold; in a larger model it does not look at them.
    return own.family.equals("mistral") && config.has("layer_types")
        ? own.slidingWhereNamed(config)
        : own;
  }

  /// Reads the `text_config` of a larger model.
  ///
  /// @param tiedAbove whether the config of the larger model ties the unembedding to the embedding,
  ///   which holds for its decoder, too
  /// @throws LynceusException as [#read(Config)]
  public static LlamaConfig read(Config config, boolean tiedAbove) {
    LlamaConfig own = family(config);
    return tiedAbove ? own.tiedToEmbedding() : own;
  }

  private static LlamaConfig family(Config config) {
    return switch (config.text("model_type", "llama")) {
      case "llama" -> llama(config);
      case "mistral" -> mistral(config);
      case "gemma" -> gemma(config);
      case "qwen2" -> qwen2(config);
      default -> throw config.unsupported("model_type", "llama, mistral, gemma, qwen2");
    };
  }

  private static LlamaConfig llama(Config c) {
    boolean bias = c.flag("attention_bias", false);
    return common(c, "llama", new Defaults(32000, 4096, 11008, 32, 32, 0, 0, 2048, false))
        .with(c.activation("hidden_act", "silu"), 0, 1)
        .biases(bias, bias, c.flag("mlp_bias", false));
  }

  private static LlamaConfig mistral(Config c) {
    LlamaConfig config =
        common(c, "mistral", new Defaults(32000, 4096, 14336, 32, 32, 8, 0, 131072, false))
            .with(c.activation("hidden_act", "silu"), 0, 1);
    return c.isNull("sliding_window")
        ? config
        : config.windows(new boolean[config.layers], c.size("sliding_window", 4096));
  }

  private static LlamaConfig gemma(Config c) {
    LlamaConfig config =
        common(c, "gemma", new Defaults(256000, 3072, 24576, 28, 16, 16, 256, 8192, true));
    boolean bias = c.flag("attention_bias", false);
    // The reference library reads hidden_act (its version 4 read hidden_activation), and takes the
    // tanh form for "gelu", which the first published files mean by it.
    Activation named = c.activation("hidden_act", "gelu_pytorch_tanh");
    boolean legacy = c.text("hidden_act", "").equals("gelu");
    return config
        .with(legacy ? Activation.GELU_TANH : named, 1, Math.sqrt(config.width))
        .biases(bias, bias, false);
  }

  private static LlamaConfig qwen2(Config c) {
    LlamaConfig config =
        common(c, "qwen2", new Defaults(151936, 4096, 22016, 32, 32, 32, 0, 32768, false))
            .with(c.activation("hidden_act", "silu"), 0, 1)
            .biases(true, false, false);
    boolean slides = c.flag("use_sliding_window", false) && !c.isNull("sliding_window");
    boolean[] whole = new boolean[config.layers];
    int first = slides ? c.integer("max_window_layers", 28) : Integer.MAX_VALUE;
    if (c.has("layer_types")) {
      namedLayers(c, slides, whole);
    } else {
      for (int l = 0; l < whole.length; l++) {
        whole[l] = l < first;
      }
    }
    return slides ? config.windows(whole, c.size("sliding_window", 4096)) : config;
  }

  private LlamaConfig slidingWhereNamed(Config c) {
    boolean[] whole = new boolean[layers];
    boolean slides = !c.isNull("sliding_window");
    namedLayers(c, slides, whole);
    return slides ? windows(whole, c.size("sliding_window", 4096)) : this;
  }

  /// Which layers see the whole sequence, where a config names the kind of each.
  private static void namedLayers(Config c, boolean slides, boolean[] whole) {
    JsonNode types = c.json().path("layer_types");
    if (!types.isArray() || types.size() != whole.length) {
      throw c.bad("layer_types has %d entries for %d layers".formatted(types.size(), whole.length));
    }
    for (int l = 0; l < whole.length; l++) {
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
  }

  private record Defaults(
      int vocabulary,
      int width,
      int inner,
      int layers,
      int heads,
      int keyHeads,
      int headWidth,
      int maxPositions,
      boolean tied) {}

  private static LlamaConfig common(Config c, String family, Defaults d) {
    int width = c.size("hidden_size", d.width);
    int heads = c.size("num_attention_heads", d.heads);
    int shared = d.keyHeads == 0 || c.isNull("num_key_value_heads") ? heads : d.keyHeads;
    int keyHeads = c.size("num_key_value_heads", shared);
    int headWidth = c.size("head_dim", d.headWidth == 0 ? Math.max(1, width / heads) : d.headWidth);
    int layers = c.layers("num_hidden_layers", d.layers);
    int stored = c.size("max_position_embeddings", d.maxPositions);
    if (heads % keyHeads != 0) {
      throw c.bad(
          "num_attention_heads = %d is not a multiple of num_key_value_heads = %d"
              .formatted(heads, keyHeads));
    }
    if (headWidth % 2 != 0) {
      throw c.bad("heads of %d coordinates cannot be rotated in pairs".formatted(headWidth));
    }
    if ((long) heads * headWidth > Integer.MAX_VALUE) {
      throw c.bad("%d heads of %d are more than any model has".formatted(heads, headWidth));
    }
    int[] windows = new int[layers];
    Arrays.fill(windows, UNLIMITED);
    int limit = PositionLimit.read(c, stored).positions();
    return new LlamaConfig(
        family,
        c.size("vocab_size", d.vocabulary),
        width,
        c.size("intermediate_size", d.inner),
        layers,
        heads,
        keyHeads,
        headWidth,
        c.epsilon("rms_norm_eps", 1e-6),
        0,
        1,
        Activation.SILU,
        false,
        false,
        false,
        windows,
        RopeConfig.checked(c, RopeConfig.read(c, 10000, stored), headWidth, limit),
        limit,
        c.flag("tie_word_embeddings", d.tied));
  }

  private LlamaConfig with(Activation function, int offset, double scale) {
    return new LlamaConfig(
        family,
        vocabulary,
        width,
        inner,
        layers,
        heads,
        keyHeads,
        headWidth,
        normEps,
        offset,
        scale,
        function,
        queryBias,
        outputBias,
        feedForwardBias,
        windows,
        rope,
        maxPositions,
        tied);
  }

  private LlamaConfig biases(boolean query, boolean output, boolean feedForward) {
    return new LlamaConfig(
        family,
        vocabulary,
        width,
        inner,
        layers,
        heads,
        keyHeads,
        headWidth,
        normEps,
        normOffset,
        embeddingScale,
        activation,
        query,
        output,
        feedForward,
        windows,
        rope,
        maxPositions,
        tied);
  }

  /// The same with a sliding window at the layers that do not see the whole sequence.
  private LlamaConfig windows(boolean[] whole, int size) {
    int[] sizes = new int[layers];
    for (int l = 0; l < layers; l++) {
      sizes[l] = whole[l] ? UNLIMITED : size;
    }
    return new LlamaConfig(
        family,
        vocabulary,
        width,
        inner,
        layers,
        heads,
        keyHeads,
        headWidth,
        normEps,
        normOffset,
        embeddingScale,
        activation,
        queryBias,
        outputBias,
        feedForwardBias,
        sizes,
        rope,
        maxPositions,
        tied);
  }

  private LlamaConfig tiedToEmbedding() {
    return new LlamaConfig(
        family,
        vocabulary,
        width,
        inner,
        layers,
        heads,
        keyHeads,
        headWidth,
        normEps,
        normOffset,
        embeddingScale,
        activation,
        queryBias,
        outputBias,
        feedForwardBias,
        windows,
        rope,
        maxPositions,
        true);
  }
}
