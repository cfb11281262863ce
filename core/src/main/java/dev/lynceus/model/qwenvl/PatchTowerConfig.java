package dev.lynceus.model.qwenvl;

import dev.lynceus.model.config.Config;
import dev.lynceus.model.config.ConfigKeys;
import dev.lynceus.model.stack.StackShape;
import dev.lynceus.nn.Activation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Sizes and switches of a tower that takes pictures of any size.
///
/// @param generation which of the three towers
/// @param inner neurons of a feed-forward layer
/// @param out width of the visual tokens that the merger makes
/// @param patch pixels to a side of a patch
/// @param temporal frames in a patch; a picture is repeated
/// @param merge patches to a side of the squares that become one visual token
/// @param theta base of the rotary encoding
/// @param window visual tokens to a side of a window of attention; 0 where there are none
/// @param whole per layer whether its rows see the whole picture, and not their window only
/// @param table rows and columns of the table of learned positions; 0 without one
/// @param deep layers whose states are added in the decoder (DeepStack), ascending, each with the
///   number of its merger
/// @param deepMergers mergers of such layers that a checkpoint holds
public record PatchTowerConfig(
    Generation generation,
    int width,
    int inner,
    int layers,
    int heads,
    int out,
    int patch,
    int temporal,
    int merge,
    Activation activation,
    double theta,
    int window,
    boolean[] whole,
    int table,
    int positions,
    List<Deep> deep,
    int deepMergers) {

  /// The towers.
  public enum Generation {
    /// Layer norms, networks without gate, attention over the whole picture.
    QWEN2("qwen2_vl", "qwen2_vl_vision"),
    /// Root-mean-square norms, gated networks, attention in windows in most layers.
    QWEN2_5("qwen2_5_vl", "qwen2_5_vl_vision"),
    /// Layer norms, networks without gate, learned positions, DeepStack.
    QWEN3("qwen3_vl", "qwen3_vl_vision");

    private final String type;
    private final String tower;

    Generation(String type, String tower) {
      this.type = type;
      this.tower = tower;
    }

    /// The one of a `model_type`.
    public static Generation of(String type) {
      return Arrays.stream(values()).filter(one -> one.type.equals(type)).findFirst().orElseThrow();
    }

    /// `model_type` of the model.
    public String type() {
      return type;
    }
  }

  /// A layer whose state is added in the decoder.
  ///
  /// @param layer of the tower
  /// @param merger number of the merger that makes tokens of it
  public record Deep(int layer, int merger) {}

  /// Which keys of the config of a tower have an effect.
  public static final ConfigKeys KEYS =
      ConfigKeys.of(
          "a Qwen-VL tower",
          """
          depth num_heads num_attention_heads in_channels patch_size spatial_merge_size
          temporal_patch_size hidden_size hidden_act rope_theta rope_parameters embed_dim mlp_ratio
          intermediate_size out_hidden_size window_size fullatt_block_indexes
          num_position_embeddings deepstack_visual_indexes
          """,
          "in_chans spatial_patch_size tokens_per_second initializer_range hidden_dropout");

  private static final double EPS = 1e-6;
  private static final int MOST_TABLE = 1 << 22;

  /// Epsilon of all norms.
  double eps() {
    return EPS;
  }

  /// Reads a `vision_config`.
  ///
  /// @throws dev.lynceus.error.LynceusException UNSUPPORTED_MODEL or BAD_CHECKPOINT, naming the key
  static PatchTowerConfig read(Config c, Generation generation) {
    String type = c.text("model_type", generation.tower);
    if (!type.equals(generation.tower) && !type.equals(generation.type)) {
      throw c.unsupported("model_type", generation.tower);
    }
    if (c.integer("in_channels", 3) != 3) {
      throw c.unsupported("in_channels", "3");
    }
    return switch (generation) {
      case QWEN2 -> qwen2(c);
      case QWEN2_5 -> qwen25(c);
      case QWEN3 -> qwen3(c);
    };
  }

  private static PatchTowerConfig qwen2(Config c) {
    int width = c.size("embed_dim", 1280);
    double inner = width * c.positive("mlp_ratio", 4);
    if (inner < 1 || inner > Integer.MAX_VALUE) {
      throw c.bad("mlp_ratio", "a ratio that a network can have");
    }
    int layers = c.layers("depth", 32);
    return shared(
        c,
        Generation.QWEN2,
        width,
        (int) inner,
        layers,
        c.size("hidden_size", 3584),
        "quick_gelu",
        0,
        all(layers),
        0,
        List.of(),
        0);
  }

  private static PatchTowerConfig qwen25(Config c) {
    int layers = c.layers("depth", 32);
    int side = c.size("spatial_merge_size", 2) * c.size("patch_size", 14);
    int window =
        c.size("window_size", 112) / c.size("spatial_merge_size", 2) / c.size("patch_size", 14);
    if (window < 1) {
      throw c.bad(
          "a window of window_size = %s pixels holds no square of %d"
              .formatted(c.value("window_size"), side));
    }
    boolean[] whole = new boolean[layers];
    for (int layer : numbers(c, "fullatt_block_indexes", 7, 15, 23, 31)) {
      if (layer >= 0 && layer < layers) {
        whole[layer] = true;
      }
    }
    return shared(
        c,
        Generation.QWEN2_5,
        c.size("hidden_size", 3584),
        c.size("intermediate_size", 3420),
        layers,
        c.size("out_hidden_size", 3584),
        "silu",
        window,
        whole,
        0,
        List.of(),
        0);
  }

  private static PatchTowerConfig qwen3(Config c) {
    int layers = c.layers("depth", 27);
    int[] indexes = numbers(c, "deepstack_visual_indexes", 8, 16, 24);
    List<Deep> deep = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      for (int merger = 0; merger < indexes.length; merger++) {
        if (indexes[merger] == layer) {
          deep.add(new Deep(layer, merger));
          break;
        }
      }
    }
    int positions = c.size("num_position_embeddings", 2304);
    if (positions > MOST_TABLE) {
      throw c.bad("num_position_embeddings", "a table that a tower can have");
    }
    return shared(
        c,
        Generation.QWEN3,
        c.size("hidden_size", 1152),
        c.size("intermediate_size", 4304),
        layers,
        c.size("out_hidden_size", 3584),
        "gelu_pytorch_tanh",
        0,
        all(layers),
        positions,
        deep,
        indexes.length);
  }

  private static PatchTowerConfig shared(
      Config c,
      Generation generation,
      int width,
      int inner,
      int layers,
      int out,
      String function,
      int window,
      boolean[] whole,
      int positions,
      List<Deep> deep,
      int deepMergers) {
    int heads = c.has("num_heads") ? c.size("num_heads", 16) : c.size("num_attention_heads", 16);
    if (width % heads != 0 || width / heads % 4 != 0) {
      throw c.bad(
          "a width of %d in num_heads = %d: heads are rotated by rows and columns in pairs, and need a multiple of 4 coordinates"
              .formatted(width, heads));
    }
    int headWidth = c.size("head_dim", width / heads);
    if (headWidth != width / heads) {
      throw c.unsupported("head_dim", String.valueOf(width / heads));
    }
    Config rope = c.at("rope_parameters");
    if (!rope.text("rope_type", "axial").equals("axial")) {
      throw rope.unsupported("rope_type", "axial");
    }
    return new PatchTowerConfig(
        generation,
        width,
        inner,
        layers,
        heads,
        out,
        c.size("patch_size", generation == Generation.QWEN3 ? 16 : 14),
        c.size("temporal_patch_size", 2),
        c.size("spatial_merge_size", 2),
        c.activation("hidden_act", function),
        rope.positive("rope_theta", c.positive("rope_theta", 10000)),
        window,
        whole,
        (int) Math.sqrt(positions),
        positions,
        deep,
        deepMergers);
  }

  private static boolean[] all(int layers) {
    boolean[] whole = new boolean[layers];
    Arrays.fill(whole, true);
    return whole;
  }

  private static int[] numbers(Config c, String key, int... otherwise) {
    if (!c.has(key)) {
      return otherwise;
    }
    JsonNode list = c.json().path(key);
    if (!list.isArray()
        || !list.valueStream().allMatch(JsonNode::canConvertToInt)
        || !list.valueStream().allMatch(JsonNode::isIntegralNumber)) {
      throw c.bad(key, "a list of whole numbers");
    }
    return list.valueStream().mapToInt(JsonNode::asInt).toArray();
  }

  /// Numbers of a flattened patch.
  int patchWidth() {
    return 3 * temporal * patch * patch;
  }

  /// Width of the features that become one visual token.
  int joined() {
    return width * merge * merge;
  }

  /// Sizes of the layers.
  StackShape shape() {
    return new StackShape(layers, width, inner, StackShape.Heads.of(heads, heads, width / heads));
  }
}
