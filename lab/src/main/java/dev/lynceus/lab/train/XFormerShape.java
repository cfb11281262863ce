package dev.lynceus.lab.train;

import dev.lynceus.model.config.Config;
import dev.lynceus.model.xformer.CrossReader;
import dev.lynceus.model.xformer.XFormerConfig;
import tools.jackson.databind.json.JsonMapper;

/// Sizes of an X-Former of the world, and the names of all its tensors. It sees the pictures of the
/// world at half their size.
///
/// @param tower width of both towers
/// @param towerLayers layers of both towers
/// @param pixels width of the layers that make pixels, of which there are two
/// @param width of the queries
/// @param layers of the Q-Former; every second reads the tower
/// @param heads of all stacks
/// @param decoder width of the decoder that answers
public record XFormerShape(
    int tower,
    int towerLayers,
    int pixels,
    int queries,
    int width,
    int layers,
    int heads,
    int vocabulary,
    int decoder) {

  /// Pixels to a side of a picture: every second of the world's.
  static final int IMAGE_SIZE = PupilShape.IMAGE_SIZE / 2;

  static final int PATCH = PupilShape.PATCH;
  static final int PATCHES = (IMAGE_SIZE / PATCH) * (IMAGE_SIZE / PATCH);

  /// Parts that are trained together or not.
  enum Part {
    /// The tower that is taught by texts.
    TOWER,
    /// The other side of its teaching, which is no part of the model.
    CAPTION,
    MAE,
    /// Q-Former, block and heads.
    FORMER,
    /// From the queries to the decoder.
    BRIDGE
  }

  /// What the documented run trains.
  public static XFormerShape small() {
    return new XFormerShape(64, 4, 48, 8, 64, 4, 4, TokenizerFiles.WORLD.size(), 128);
  }

  /// A model of the same parts that trains in seconds, for tests.
  public static XFormerShape tiny() {
    return new XFormerShape(16, 2, 16, 3, 16, 2, 2, TokenizerFiles.WORLD.size(), 128);
  }

  /// Numbers of the block.
  public long blockNumbers() {
    return config().dual().parameters();
  }

  /// Patches to a side of a picture.
  public int grid() {
    return IMAGE_SIZE / PATCH;
  }

  /// Id of the image placeholder, which also begins a text that is told.
  int imageToken() {
    return vocabulary - 2;
  }

  XFormerConfig config() {
    return XFormerConfig.read(new Config(JsonMapper.shared().readTree(json()), "config.json"));
  }

  /// `config.json`.
  String json() {
    return """
    {
      "model_type": "lynceus_xformer",
      "num_query_tokens": %1$d,
      "image_text_hidden_size": %2$d,
      "vision_config": {
        "model_type": "clip_vision_model",
        "hidden_size": %3$d,
        "intermediate_size": %4$d,
        "num_hidden_layers": %5$d,
        "num_attention_heads": %6$d,
        "image_size": %7$d,
        "patch_size": %8$d
      },
      "mae_config": {
        "hidden_size": %3$d,
        "intermediate_size": %4$d,
        "num_hidden_layers": %5$d,
        "num_attention_heads": %6$d,
        "image_size": %7$d,
        "patch_size": %8$d,
        "layer_norm_eps": 1e-06,
        "mask_ratio": 0.5,
        "decoder_hidden_size": %9$d,
        "decoder_intermediate_size": %10$d,
        "decoder_num_hidden_layers": 2,
        "decoder_num_attention_heads": %6$d
      },
      "qformer_config": {
        "hidden_size": %2$d,
        "intermediate_size": %11$d,
        "num_hidden_layers": %12$d,
        "num_attention_heads": %6$d,
        "cross_attention_frequency": 2,
        "vocab_size": %13$d,
        "max_position_embeddings": 64,
        "layer_norm_eps": 1e-06
      },
      "dual_config": {"query_network": true, "detail_network": false}
    }
    """
        .formatted(
            queries,
            width,
            tower,
            4 * tower,
            towerLayers,
            heads,
            IMAGE_SIZE,
            PATCH,
            pixels,
            4 * pixels,
            4 * width,
            layers,
            vocabulary);
  }

  /// All tensors, zero.
  Variables<Part> variables() {
    Variables.Builder<Part> list = new Variables.Builder<>();
    tower(list);
    list.normal(Part.CAPTION, "caption.embedding", .1, vocabulary, width);
    list.biased(Part.CAPTION, "caption.first", root(width), 2 * width, width);
    list.biased(Part.CAPTION, "caption.second", root(2 * width), width, 2 * width);
    list.biased(Part.CAPTION, "caption.picture", root(tower), width, tower);
    list.zeros(Part.CAPTION, "caption.warmth", 1);
    mae(list);
    former(list);
    block(list);
    list.biased(Part.BRIDGE, "language_projection", .02, decoder, width);
    return list.build();
  }

  /// The deviation that keeps the size of a vector.
  private static double root(int in) {
    return Math.pow(in, -.5);
  }

  private void tower(Variables.Builder<Part> list) {
    String name = "vision_model.";
    int patch = PATCH;
    list.normal(Part.TOWER, name + "embeddings.class_embedding", root(tower), tower);
    list.normal(
        Part.TOWER, name + "embeddings.patch_embedding.weight", .02, tower, 3, patch, patch);
    list.normal(
        Part.TOWER, name + "embeddings.position_embedding.weight", .02, 1L + PATCHES, tower);
    list.norm(Part.TOWER, name + "pre_layrnorm", tower);
    for (int l = 0; l < towerLayers; l++) {
      String layer = name + "encoder.layers." + l + ".";
      list.norm(Part.TOWER, layer + "layer_norm1", tower);
      for (String map : new String[] {"q_proj", "k_proj", "v_proj", "out_proj"}) {
        list.biased(Part.TOWER, layer + "self_attn." + map, root(tower), tower, tower);
      }
      list.norm(Part.TOWER, layer + "layer_norm2", tower);
      list.biased(Part.TOWER, layer + "mlp.fc1", root(tower), 4 * tower, tower);
      list.biased(Part.TOWER, layer + "mlp.fc2", root(4 * tower), tower, 4 * tower);
    }
  }

  private void mae(Variables.Builder<Part> list) {
    String vit = "mae.vit.";
    int patch = PATCH;
    String projection = vit + "embeddings.patch_embeddings.projection";
    list.normal(Part.MAE, projection + ".weight", .02, tower, 3, patch, patch);
    list.zeros(Part.MAE, projection + ".bias", tower);
    list.normal(Part.MAE, vit + "embeddings.cls_token", .02, 1, 1, tower);
    list.normal(Part.MAE, vit + "embeddings.position_embeddings", .02, 1, 1L + PATCHES, tower);
    for (int l = 0; l < towerLayers; l++) {
      layer(list, vit + "encoder.layer." + l + ".", tower);
    }
    list.norm(Part.MAE, vit + "layernorm", tower);
    String made = "mae.decoder.";
    list.biased(Part.MAE, made + "decoder_embed", root(tower), pixels, tower);
    list.normal(Part.MAE, made + "mask_token", .02, 1, 1, pixels);
    list.normal(Part.MAE, made + "decoder_pos_embed", .02, 1, 1L + PATCHES, pixels);
    for (int l = 0; l < 2; l++) {
      layer(list, made + "decoder_layers." + l + ".", pixels);
    }
    list.norm(Part.MAE, made + "decoder_norm", pixels);
    list.biased(Part.MAE, made + "decoder_pred", root(pixels), patch * patch * 3, pixels);
  }

  private static void layer(Variables.Builder<Part> list, String name, int wide) {
    list.norm(Part.MAE, name + "layernorm_before", wide);
    attention(list, Part.MAE, name + "attention", wide, wide);
    list.biased(Part.MAE, name + "attention.output.dense", root(wide), wide, wide);
    list.norm(Part.MAE, name + "layernorm_after", wide);
    list.biased(Part.MAE, name + "intermediate.dense", root(wide), 4 * wide, wide);
    list.biased(Part.MAE, name + "output.dense", root(4 * wide), wide, 4 * wide);
  }

  /// Queries, keys and values.
  private static void attention(
      Variables.Builder<Part> list, Part part, String name, int wide, int source) {
    list.biased(part, name + ".attention.query", root(wide), wide, wide);
    list.biased(part, name + ".attention.key", root(source), wide, source);
    list.biased(part, name + ".attention.value", root(source), wide, source);
  }

  private void former(Variables.Builder<Part> list) {
    Part part = Part.FORMER;
    list.normal(part, "query_tokens", .5, 1, queries, width);
    list.normal(part, "embeddings.word_embeddings.weight", .1, vocabulary, width);
    list.normal(part, "embeddings.position_embeddings.weight", .1, 64, width);
    list.norm(part, "qformer.layernorm", width);
    for (int l = 0; l < layers; l++) {
      String layer = "qformer.encoder.layer." + l + ".";
      attention(list, part, layer + "attention", width, width);
      list.biased(part, layer + "attention.output.dense", root(width), width, width);
      list.norm(part, layer + "attention.output.LayerNorm", width);
      if (l % 2 == 0) {
        attention(list, part, layer + "crossattention", width, tower);
        list.biased(part, layer + "crossattention.output.dense", root(width), width, width);
        list.norm(part, layer + "crossattention.output.LayerNorm", width);
      }
      for (String of : new String[] {"_query", ""}) {
        list.biased(part, layer + "intermediate" + of + ".dense", root(width), 4 * width, width);
        list.biased(part, layer + "output" + of + ".dense", root(4 * width), width, 4 * width);
        list.norm(part, layer + "output" + of + ".LayerNorm", width);
      }
    }
    list.biased(part, "itm_head", root(width), 2, width);
    list.biased(part, "vision_projection", root(width), width, width);
    list.biased(part, "text_projection", root(width), width, width);
    list.biased(part, "cls.predictions.transform.dense", root(width), width, width);
    list.norm(part, "cls.predictions.transform.LayerNorm", width);
    list.zeros(part, "cls.predictions.bias", vocabulary);
    list.zeros(part, "warmth", 1);
  }

  /// What both halves of the block write begins as zero: the training begins with the queries as
  /// the Q-Former makes them, and with the autoencoder as it is.
  private void block(Variables.Builder<Part> list) {
    XFormerConfig.Dual dual = config().dual();
    reader(list, "dual.details.", dual.details());
    reader(list, "dual.queries.", dual.queries());
  }

  private static void reader(Variables.Builder<Part> list, String name, CrossReader.Sizes sizes) {
    list.norm(Part.FORMER, name + "layernorm_before", sizes.width());
    attention(list, Part.FORMER, name + "attention", sizes.width(), sizes.memory());
    list.zeros(Part.FORMER, name + "attention.output.dense.weight", sizes.width(), sizes.width());
    list.zeros(Part.FORMER, name + "attention.output.dense.bias", sizes.width());
    if (sizes.inner() > 0) {
      list.norm(Part.FORMER, name + "layernorm_after", sizes.width());
      list.biased(
          Part.FORMER,
          name + "intermediate.dense",
          root(sizes.width()),
          sizes.inner(),
          sizes.width());
      list.zeros(Part.FORMER, name + "output.dense.weight", sizes.width(), sizes.inner());
      list.zeros(Part.FORMER, name + "output.dense.bias", sizes.width());
    }
  }
}
