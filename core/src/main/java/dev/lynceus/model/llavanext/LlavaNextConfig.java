package dev.lynceus.model.llavanext;

import dev.lynceus.image.Extent;
import dev.lynceus.model.config.Config;
import dev.lynceus.model.config.ConfigKeys;
import dev.lynceus.model.llava.LlavaConfig;
import dev.lynceus.model.vit.VitConfig;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// How LLaVA-NeXT joins a tower and a decoder: as LLaVA does, with a choice of resolutions for the
/// tiles.
///
/// @param base tower, decoder, placeholder and projector
/// @param pinpoints resolutions of all tiles together, at least one, each a multiple of the tower's
///   size
public record LlavaNextConfig(LlavaConfig base, List<Extent> pinpoints) {

  /// Which keys of a llava_next config have an effect.
  public static final ConfigKeys KEYS =
      ConfigKeys.of(
          "a llava_next model",
          """
          text_config vision_config image_token_index image_token_id vision_feature_layer
          vision_feature_select_strategy projector_hidden_act multimodal_projector_bias
          tie_word_embeddings image_grid_pinpoints use_image_newline_parameter mm_patch_merge_type
          """,
          "ignore_index image_seq_length vocab_size hidden_size");

  private static final int DEFAULT_SIDE = 336;

  public LlavaNextConfig {
    pinpoints = List.copyOf(pinpoints);
  }

  /// Reads a `config.json` of `model_type` llava_next.
  ///
  /// @throws dev.lynceus.error.LynceusException UNSUPPORTED_MODEL for a value that is not known
  public static LlavaNextConfig read(Config c) {
    LlavaConfig base = LlavaConfig.read(c);
    if (!c.flag("use_image_newline_parameter", true)) {
      throw c.unsupported("use_image_newline_parameter", "true");
    }
    String merge = c.text("mm_patch_merge_type", "spatial_unpad");
    if (!merge.equals("spatial_unpad")) {
      throw c.unsupported("mm_patch_merge_type", "spatial_unpad");
    }
    VitConfig vision = base.vision();
    if (base.imageTokens() != vision.grid() * vision.grid()) {
      throw c.unsupported(
          "vision_feature_select_strategy",
          vision.classToken()
              ? "default for a tower with class token, so that patches fill the tiles"
              : "full for a tower without class token, so that patches fill the tiles");
    }
    return new LlavaNextConfig(base, pinpoints(c, vision.imageSize()));
  }

  private static List<Extent> pinpoints(Config c, int side) {
    if (!c.has("image_grid_pinpoints")) {
      return List.of(
          new Extent(DEFAULT_SIDE, 2 * DEFAULT_SIDE),
          new Extent(2 * DEFAULT_SIDE, DEFAULT_SIDE),
          new Extent(2 * DEFAULT_SIDE, 2 * DEFAULT_SIDE),
          new Extent(3 * DEFAULT_SIDE, DEFAULT_SIDE),
          new Extent(DEFAULT_SIDE, 3 * DEFAULT_SIDE));
    }
    JsonNode list = c.json().path("image_grid_pinpoints");
    List<Extent> pinpoints = new ArrayList<>();
    for (JsonNode pair : list) {
      if (!pair.isArray()
          || pair.size() != 2
          || !fills(pair.get(0), side)
          || !fills(pair.get(1), side)) {
        throw wrong(c, side);
      }
      pinpoints.add(new Extent(pair.get(0).asInt(), pair.get(1).asInt()));
    }
    if (pinpoints.isEmpty()) {
      throw wrong(c, side);
    }
    return pinpoints;
  }

  private static boolean fills(JsonNode length, int side) {
    return length.isIntegralNumber()
        && length.canConvertToInt()
        && length.asInt() > 0
        && length.asInt() % side == 0;
  }

  private static RuntimeException wrong(Config c, int side) {
    return c.unsupported(
        "image_grid_pinpoints",
        "pairs of height and width, each a multiple of the tower's %d pixels".formatted(side));
  }
}
