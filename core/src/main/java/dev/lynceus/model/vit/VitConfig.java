package dev.lynceus.model.vit;

import dev.lynceus.model.config.Config;
import dev.lynceus.model.config.ConfigKeys;
import dev.lynceus.model.stack.StackShape;
import dev.lynceus.nn.Activation;
import tools.jackson.databind.JsonNode;

/// Sizes and switches of a vision transformer.
///
/// @param family `model_type`
/// @param width width of the residual stream
/// @param inner neurons of a feed-forward layer
/// @param imageSize side of the square picture in pixels
/// @param patchSize side of a patch in pixels
/// @param classToken whether a class token comes before the patches (CLIP, InternVL)
/// @param shared whether a patch has the position of its share of the side, and a norm follows the
///   last layer (Idefics3)
public record VitConfig(
    String family,
    int width,
    int inner,
    int layers,
    int heads,
    int channels,
    int imageSize,
    int patchSize,
    Activation activation,
    double normEps,
    boolean classToken,
    boolean shared) {

  /// Which keys of the config of a CLIP tower have an effect.
  public static final ConfigKeys CLIP_KEYS =
      ConfigKeys.of(
          "a clip_vision_model tower",
          ConfigKeys.TOWER,
          "projection_dim vocab_size initializer_factor dropout");

  /// Which keys of the config of a SigLIP tower have an effect.
  public static final ConfigKeys SIGLIP_KEYS =
      ConfigKeys.of(
          "a siglip_vision_model tower",
          ConfigKeys.TOWER,
          "projection_dim vision_use_head initializer_factor dropout num_image_tokens projector_hidden_act");

  /// Which keys of the config of an Idefics3 or SmolVLM tower have an effect.
  public static final ConfigKeys IDEFICS3_KEYS =
      ConfigKeys.of(
          "an idefics3 tower",
          ConfigKeys.TOWER,
          "max_image_size size use_base_siglip tie_word_embeddings initializer_factor");

  /// The longest side of a picture that a tower is built for.
  private static final int MOST_PIXELS = 1 << 14;

  /// Reads the `vision_config` of a model.
  ///
  /// @throws dev.lynceus.error.LynceusException UNSUPPORTED_MODEL for an unknown `model_type` or
  ///   value
  public static VitConfig read(Config c) {
    return switch (c.text("model_type", "clip_vision_model")) {
      case "clip_vision_model" ->
          read(
              c,
              "clip_vision_model",
              new Defaults(768, 3072, 12, 12, 224, 32),
              "quick_gelu",
              1e-5,
              true);
      case "siglip_vision_model" -> siglip(c);
      default -> throw c.unsupported("model_type", "clip_vision_model, siglip_vision_model");
    };
  }

  /// Reads the `vision_config` of a model whose tower is a SigLIP, whether it says so or not.
  public static VitConfig siglip(Config c) {
    return read(
        c,
        "siglip_vision_model",
        new Defaults(768, 3072, 12, 12, 224, 16),
        "gelu_pytorch_tanh",
        1e-6,
        false);
  }

  private static VitConfig read(
      Config c, String family, Defaults d, String function, double eps, boolean classToken) {
    return read(
        c,
        family,
        new Defaults(
            d.width,
            d.inner,
            d.layers,
            d.heads,
            c.size("image_size", d.imageSize),
            c.size("patch_size", d.patchSize)),
        new Usual(function, eps, classToken));
  }

  /// What a family takes where its config says nothing, and whether it has a class token.
  private record Usual(String function, double eps, boolean classToken) {}

  /// @param d with the sizes of picture and patch that hold
  private static VitConfig read(Config c, String family, Defaults d, Usual usual) {
    int width = c.size("hidden_size", d.width);
    int heads = c.size("num_attention_heads", d.heads);
    int imageSize = d.imageSize;
    int patchSize = d.patchSize;
    if (width % heads != 0) {
      throw c.bad(
          "hidden_size = %d is not a multiple of num_attention_heads = %d".formatted(width, heads));
    }
    if (c.integer("num_channels", 3) != 3) {
      throw c.unsupported("num_channels", "3");
    }
    if (imageSize > MOST_PIXELS) {
      throw c.bad("image_size", "a side that a tower can see");
    }
    if (patchSize > imageSize) {
      throw c.bad(
          "a patch of patch_size = %d does not fit into image_size = %d"
              .formatted(patchSize, imageSize));
    }
    return new VitConfig(
        family,
        width,
        c.size("intermediate_size", d.inner),
        c.layers("num_hidden_layers", d.layers),
        heads,
        3,
        imageSize,
        patchSize,
        c.activation("hidden_act", usual.function),
        c.epsilon("layer_norm_eps", usual.eps),
        usual.classToken,
        false);
  }

  /// Reads the `vision_config` of a BLIP, whatever its `model_type`.
  ///
  /// @param second whether of BLIP-2 or InstructBLIP
  public static VitConfig blip(Config c, boolean second) {
    int image = side(c, "image_size", second ? 224 : 384);
    int patch = side(c, "patch_size", second ? 14 : 16);
    Defaults d =
        second
            ? new Defaults(1408, 6144, 39, 16, image, patch)
            : new Defaults(768, 3072, 12, 12, image, patch);
    return read(c, "blip_vision", d, new Usual("gelu", second ? 1e-6 : 1e-5, true));
  }

  /// Reads the tower's part of the `config.json` of a masked autoencoder.
  public static VitConfig mae(Config c) {
    Defaults d =
        new Defaults(768, 3072, 12, 12, side(c, "image_size", 224), side(c, "patch_size", 16));
    return read(c, "vit_mae", d, new Usual("gelu", 1e-12, true));
  }

  /// Reads the `vision_config` of an InternVL, whatever its `model_type`.
  public static VitConfig internVl(Config c) {
    Defaults d =
        new Defaults(1024, 4096, 24, 16, side(c, "image_size", 448), side(c, "patch_size", 14));
    return read(c, "internvl_vision", d, new Usual("gelu", 1e-6, true));
  }

  /// A side of a square, which may be given as its height and its width.
  private static int side(Config c, String key, int otherwise) {
    JsonNode value = c.json().path(key);
    if (!value.isArray()) {
      return c.size(key, otherwise);
    }
    if (value.size() != 2
        || !value.valueStream().allMatch(JsonNode::canConvertToInt)
        || !value.valueStream().allMatch(side -> side.isIntegralNumber() && side.asInt() > 0)) {
      throw c.bad(key, "a side, or a height and a width");
    }
    if (value.get(0).asInt() != value.get(1).asInt()) {
      throw c.unsupported(key, "squares");
    }
    return value.get(0).asInt();
  }

  /// Reads the `vision_config` of an Idefics3 or SmolVLM, whatever its `model_type`.
  public static VitConfig idefics3(Config c) {
    VitConfig read =
        read(
            c,
            "idefics3_vision",
            new Defaults(1152, 3072, 12, 16, 224, 32),
            "gelu_pytorch_tanh",
            1e-6,
            false);
    return new VitConfig(
        read.family,
        read.width,
        read.inner,
        read.layers,
        read.heads,
        read.channels,
        read.imageSize,
        read.patchSize,
        read.activation,
        read.normEps,
        false,
        true);
  }

  private record Defaults(
      int width, int inner, int layers, int heads, int imageSize, int patchSize) {}

  /// Patches in a row of the picture.
  public int grid() {
    return imageSize / patchSize;
  }

  /// Positions of the sequence, the class token included.
  public int positions() {
    return grid() * grid() + (classToken ? 1 : 0);
  }

  /// Sizes of the layers.
  public StackShape shape() {
    return new StackShape(layers, width, inner, StackShape.Heads.of(heads, heads, headWidth()));
  }

  /// Width of one head.
  public int headWidth() {
    return width / heads;
  }
}
