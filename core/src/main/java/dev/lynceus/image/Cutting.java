package dev.lynceus.image;

import java.util.List;

/// How a processor makes views out of one picture. Each way is a record here and a class that does
/// it ([ImageProcessor#of(ImageProcessorSettings)]); the fields hold what settings files say.
public sealed interface Cutting {

  /// The picture is one view.
  record Uncut() implements Cutting {}

  /// Idefics3, SmolVLM: tiles of the enlarged picture, then the whole of it.
  ///
  /// @param on `do_image_splitting`
  /// @param side `max_image_size`: of a tile, and of the whole picture beside them
  record Split(boolean on, int side) implements Cutting {}

  /// LLaVA-NeXT, LLaVA-OneVision ("AnyRes"): the whole picture, then tiles at the best resolution.
  ///
  /// @param resolutions `image_grid_pinpoints`, at least one
  /// @param tileSide pixels of a side of a tile
  /// @param onlyAlone whether several pictures of one prompt are not cut, but padded to squares
  record Pinpoints(List<Extent> resolutions, int tileSide, boolean onlyAlone) implements Cutting {
    /// Copies the list.
    public Pinpoints {
      resolutions = List.copyOf(resolutions);
    }
  }

  /// GOT-OCR2, InternVL: tiles of the grid whose shape is nearest to the picture's, then the whole
  /// of it.
  ///
  /// @param on `crop_to_patches`
  /// @param least `min_patches`: the fewest tiles
  /// @param most `max_patches`: the most tiles
  record BestGrid(boolean on, int least, int most) implements Cutting {}

  /// Gemma 3: the whole picture, then crops along the longer side of an elongated one.
  ///
  /// @param on `do_pan_and_scan`
  /// @param smallest `pan_and_scan_min_crop_size`: pixels of the shortest side that a crop may have
  /// @param most `pan_and_scan_max_num_crops`
  /// @param ratio `pan_and_scan_min_ratio_to_activate`: longer side by shorter side from which a
  ///   picture is cropped
  record PanAndScan(boolean on, int smallest, int most, double ratio) implements Cutting {}

  /// Qwen-VL: one view of a size of its own, which the tower takes patch by patch.
  ///
  /// @param side `patch_size`: pixels of a side of a patch
  /// @param temporal `temporal_patch_size`: frames in one patch; a picture is repeated
  /// @param merge `merge_size`: patches of a side of the squares that become one visual token
  record Patches(int side, int temporal, int merge) implements Cutting {
    /// Sides of a resized picture are multiples of this many pixels.
    public int unit() {
      return side * merge;
    }
  }
}
