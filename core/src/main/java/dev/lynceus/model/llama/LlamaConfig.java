package dev.lynceus.model.llama;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.Config;
import dev.lynceus.model.RopeConfig;
import dev.lynceus.nn.Activation;
import dev.lynceus.nn.RopeScaling;
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
/// @param tied whether the unembedding is the embedding
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

  /// Reads a decoder's config: the whole file of a text-only model, or the `text_config` of a
  /// larger one.
  ///
  /// @throws LynceusException UNSUPPORTED_MODEL for an unknown `model_type` or value
  public static LlamaConfig read(Config config) {
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
        .with(Activation.parse(c.text("hidden_act", "silu")), 0, 1)
        .biases(bias, bias, c.flag("mlp_bias", false));
  }

  private static LlamaConfig mistral(Config c) {
    LlamaConfig config =
        common(c, "mistral", new Defaults(32000, 4096, 14336, 32, 32, 8, 0, 131072, false))
            .with(Activation.parse(c.text("hidden_act", "silu")), 0, 1);
    boolean unlimited = c.json().has("sliding_window") && c.json().path("sliding_window").isNull();
    return unlimited ? config : config.window(c.size("sliding_window", 4096), 0, c);
  }

  private static LlamaConfig gemma(Config c) {
    // The reference library ignores hidden_act here: without hidden_activation it takes the tanh
    // form.
    LlamaConfig config =
        common(c, "gemma", new Defaults(256000, 3072, 24576, 28, 16, 16, 256, 8192, true));
    boolean bias = c.flag("attention_bias", false);
    return config
        .with(
            Activation.parse(c.text("hidden_activation", "gelu_pytorch_tanh")),
            1,
            Math.sqrt(config.width))
        .biases(bias, bias, false);
  }

  private static LlamaConfig qwen2(Config c) {
    LlamaConfig config =
        common(c, "qwen2", new Defaults(151936, 4096, 22016, 32, 32, 32, 0, 32768, false))
            .with(Activation.parse(c.text("hidden_act", "silu")), 0, 1)
            .biases(true, false, false);
    return c.flag("use_sliding_window", false)
        ? config.window(c.size("sliding_window", 4096), c.integer("max_window_layers", 28), c)
        : config;
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
    int keyHeads = c.size("num_key_value_heads", d.keyHeads == 0 ? heads : d.keyHeads);
    int headWidth = c.size("head_dim", d.headWidth == 0 ? Math.max(1, width / heads) : d.headWidth);
    int layers = c.size("num_hidden_layers", d.layers);
    int maxPositions = c.size("max_position_embeddings", d.maxPositions);
    if (heads % keyHeads != 0) {
      throw c.unsupported("num_key_value_heads", "a divisor of num_attention_heads");
    }
    if (headWidth % 2 != 0) {
      throw c.unsupported("head_dim", "an even number");
    }
    int[] windows = new int[layers];
    java.util.Arrays.fill(windows, UNLIMITED);
    return new LlamaConfig(
        family,
        c.size("vocab_size", d.vocabulary),
        width,
        c.size("intermediate_size", d.inner),
        layers,
        heads,
        keyHeads,
        headWidth,
        c.number("rms_norm_eps", 1e-6),
        0,
        1,
        Activation.SILU,
        false,
        false,
        false,
        windows,
        RopeConfig.read(c, 10000, maxPositions),
        maxPositions,
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

  /// A sliding window from some layer on, or at the layers that `layer_types` names.
  private LlamaConfig window(int size, int firstLayer, Config c) {
    JsonNode types = c.json().path("layer_types");
    if (types.isArray() && types.size() != layers) {
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT,
          c.where() + ": layer_types has " + types.size() + " entries for " + layers + " layers",
          "Fetch config.json again.");
    }
    int[] sizes = windows.clone();
    for (int l = 0; l < layers; l++) {
      boolean sliding =
          types.isArray() ? types.get(l).asString().equals("sliding_attention") : l >= firstLayer;
      sizes[l] = sliding ? size : UNLIMITED;
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
}
