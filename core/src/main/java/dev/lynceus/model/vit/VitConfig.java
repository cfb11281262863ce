package dev.lynceus.model.vit;

import dev.lynceus.model.Config;
import dev.lynceus.nn.Activation;

/// Sizes and switches of a vision transformer.
///
/// @param family `model_type`
/// @param width width of the residual stream
/// @param inner neurons of a feed-forward layer
/// @param imageSize side of the square picture in pixels
/// @param patchSize side of a patch in pixels
/// @param classToken whether a class token comes before the patches, and a norm before the first
///   layer (CLIP)
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
    boolean classToken) {

  /// Reads the `vision_config` of a model.
  ///
  /// @throws dev.lynceus.error.LynceusException UNSUPPORTED_MODEL for an unknown `model_type` or
  ///   value
  public static VitConfig read(Config c) {
    return switch (c.text("model_type", "clip_vision_model")) {
      case "clip_vision_model" ->
          new VitConfig(
              "clip_vision_model",
              c.size("hidden_size", 768),
              c.size("intermediate_size", 3072),
              c.size("num_hidden_layers", 12),
              c.size("num_attention_heads", 12),
              c.size("num_channels", 3),
              c.size("image_size", 224),
              c.size("patch_size", 32),
              Activation.parse(c.text("hidden_act", "quick_gelu")),
              c.number("layer_norm_eps", 1e-5),
              true);
      case "siglip_vision_model" ->
          new VitConfig(
              "siglip_vision_model",
              c.size("hidden_size", 768),
              c.size("intermediate_size", 3072),
              c.size("num_hidden_layers", 12),
              c.size("num_attention_heads", 12),
              c.size("num_channels", 3),
              c.size("image_size", 224),
              c.size("patch_size", 16),
              Activation.parse(c.text("hidden_act", "gelu_pytorch_tanh")),
              c.number("layer_norm_eps", 1e-6),
              false);
      default -> throw c.unsupported("model_type", "clip_vision_model, siglip_vision_model");
    };
  }

  /// Patches in a row of the picture.
  public int grid() {
    return imageSize / patchSize;
  }

  /// Positions of the sequence, the class token included.
  public int positions() {
    return grid() * grid() + (classToken ? 1 : 0);
  }

  /// Width of one head.
  public int headWidth() {
    return width / heads;
  }
}
