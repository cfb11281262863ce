package dev.lynceus.model.mae;

import dev.lynceus.model.config.Config;
import dev.lynceus.model.config.ConfigKeys;
import dev.lynceus.model.stack.StackShape;
import dev.lynceus.model.vit.VitConfig;

/// Sizes and switches of a masked autoencoder.
///
/// @param vision of the tower
/// @param decoder of the layers that make pixels
/// @param bias whether queries, keys and values have one, in both
/// @param ratio share of the patches that are removed, in [0, 1)
/// @param normalised whether patches are made as they are after their own mean was taken from them
///   and their own spread divided out (`norm_pix_loss`)
public record MaeConfig(
    VitConfig vision, StackShape decoder, boolean bias, double ratio, boolean normalised) {

  /// Which keys of the config have an effect.
  public static final ConfigKeys KEYS =
      ConfigKeys.of(
          "a masked autoencoder",
          ConfigKeys.TOWER
              + """
               qkv_bias decoder_hidden_size decoder_intermediate_size decoder_num_hidden_layers
              decoder_num_attention_heads mask_ratio norm_pix_loss
              """,
          "");

  /// Reads a `config.json` of `model_type` vit_mae.
  ///
  /// @throws dev.lynceus.error.LynceusException UNSUPPORTED_MODEL or BAD_CHECKPOINT, naming the key
  public static MaeConfig read(Config c) {
    VitConfig vision = VitConfig.mae(c);
    if (vision.imageSize() % vision.patchSize() != 0) {
      throw c.bad(
          "image_size = %d is not a multiple of patch_size = %d"
              .formatted(vision.imageSize(), vision.patchSize()));
    }
    int width = c.size("decoder_hidden_size", 512);
    int heads = c.size("decoder_num_attention_heads", 16);
    if (width % heads != 0) {
      throw c.bad(
          "decoder_hidden_size = %d is not a multiple of decoder_num_attention_heads = %d"
              .formatted(width, heads));
    }
    double ratio = c.number("mask_ratio", .75);
    if (!(ratio >= 0 && ratio < 1)) {
      throw c.bad("mask_ratio", "a share of the patches below one");
    }
    return new MaeConfig(
        vision,
        new StackShape(
            c.layers("decoder_num_hidden_layers", 8),
            width,
            c.size("decoder_intermediate_size", 2048),
            StackShape.Heads.of(heads, heads, width / heads)),
        c.flag("qkv_bias", true),
        ratio,
        c.flag("norm_pix_loss", false));
  }

  /// Patches of a picture.
  public int patches() {
    return vision.grid() * vision.grid();
  }

  /// Numbers of a patch: its pixels row by row, three colours each.
  public int numbers() {
    return vision.patchSize() * vision.patchSize() * vision.channels();
  }
}
