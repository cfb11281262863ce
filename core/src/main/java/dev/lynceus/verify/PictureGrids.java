package dev.lynceus.verify;

import dev.lynceus.image.PatchGrid;
import dev.lynceus.image.ViewLayout;
import dev.lynceus.model.Picture;
import java.util.List;
import java.util.stream.IntStream;

/// Grids of patches as the reference writes them, `image_grid_thw`.
final class PictureGrids {
  private PictureGrids() {}

  /// Steps in time, rows and columns of each picture that is cut into patches of its own size.
  static int[] of(List<Picture> pictures) {
    return pictures.stream()
        .flatMapToInt(picture ->
            picture.layout() instanceof ViewLayout.Patched(PatchGrid grid)
                ? IntStream.of(grid.time(), grid.rows(), grid.columns())
                : IntStream.empty())
        .toArray();
  }
}
