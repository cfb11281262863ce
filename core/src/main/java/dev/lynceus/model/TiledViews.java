package dev.lynceus.model;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageRegion;
import dev.lynceus.image.ProcessedImage;
import dev.lynceus.image.RgbImage;
import dev.lynceus.image.ViewLayout;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;

/// Pictures that are seen in tiles, row by row, and then as a whole; a picture that is not cut is
/// one view, the whole.
///
/// @param pixels side of a view in pixels
/// @param side visual tokens to a side of a view
public record TiledViews(int pixels, int side) {

  /// How many tiles a picture has; none where it is shown whole only.
  public record Tiles(int rows, int columns) {

    /// Number of tiles.
    public int count() {
      return rows * columns;
    }
  }

  /// How the processor cut a picture.
  ///
  /// @throws LynceusException BAD_CHECKPOINT if the views are of another size, or no rows of tiles
  public Tiles tiles(Picture picture) {
    for (ProcessedImage view : picture.views()) {
      if (view.height() != pixels || view.width() != pixels) {
        throw foreign(
            "preprocessor_config.json makes %d x %d pixels, the tower takes %d x %d"
                .formatted(view.height(), view.width(), pixels, pixels));
      }
    }
    return switch (picture.layout()) {
      case ViewLayout.Whole _ -> new Tiles(0, 0);
      case ViewLayout.Tiles(int rows, int columns, ViewLayout.Tiles.Side whole)
          when whole == ViewLayout.Tiles.Side.LAST ->
          new Tiles(rows, columns);
      case ViewLayout.Tiles _, ViewLayout.Crops _, ViewLayout.Frames _, ViewLayout.Patched _ ->
          throw foreign(
              "preprocessor_config.json cuts %s into %d views that are no rows of tiles and the whole"
                  .formatted(picture.name(), picture.views().size()));
    };
  }

  private static LynceusException foreign(String what) {
    return new LynceusException(
        ErrorCode.BAD_CHECKPOINT,
        what,
        "Use the preprocessor_config.json that belongs to this checkpoint.");
  }

  /// How the visual tokens of a picture lie on it: the tiles as one rectangle of blocks, then the
  /// whole.
  public TokenMap.ImageGrid grid(Picture picture) {
    Tiles tiles = tiles(picture);
    ImageRegion whole = picture.views().getLast().region();
    List<TokenMap.Tile> all = new ArrayList<>();
    if (tiles.count() > 0) {
      all.add(
          new TokenMap.Tile(
                  "tiles",
                  tiles.rows() * side,
                  tiles.columns() * side,
                  0,
                  whole.left(),
                  whole.top(),
                  whole.width(),
                  whole.height())
              .inBlocks(side, side));
    }
    all.add(
        new TokenMap.Tile(
            tiles.count() > 0 ? "whole" : "",
            side,
            side,
            0,
            whole.left(),
            whole.top(),
            whole.width(),
            whole.height()));
    return new TokenMap.ImageGrid(
        picture.name(), picture.original().width(), picture.original().height(), all);
  }

  /// What the tower saw, one picture for each rectangle of [#grid].
  public List<RgbImage> seen(Picture picture) {
    Tiles tiles = tiles(picture);
    RgbImage whole = picture.views().getLast().seen();
    if (tiles.count() == 0) {
      return List.of(whole);
    }
    List<RgbImage> cut =
        picture.views().subList(0, tiles.count()).stream().map(ProcessedImage::seen).toList();
    return List.of(RgbImage.joined(cut, tiles.columns()), whole);
  }

  /// The views that the patches of a rectangle of [#grid] are taken from: the first, and one after
  /// the last.
  public int[] viewsOf(Picture picture, int rectangle) {
    int all = picture.views().size();
    return all > 1 && rectangle == 0 ? new int[] {0, all - 1} : new int[] {all - 1, all};
  }

  /// The pixels of all views of some pictures, `[views, channels, height, width]`.
  public Tensor pixels(List<Picture> pictures, DType dtype) {
    List<Tensor> all = new ArrayList<>();
    for (Picture picture : pictures) {
      tiles(picture);
      for (ProcessedImage view : picture.views()) {
        all.add(Tensor.of(view.pixels(), view.channels(), view.height(), view.width()));
      }
    }
    return Torch.stack(all, 0).to(dtype);
  }

  /// Joins `scale` by `scale` neighbouring features (pixel shuffle): rows of a block first, then
  /// its columns.
  ///
  /// @param x `[views, grid * grid, width]`, `grid = side * scale`
  /// @return `[views, side * side, scale * scale * width]`
  public Tensor shuffled(Tensor x, int scale) {
    return x.reshape(x.size(0), side, scale, side, scale, x.size(2))
        .permute(0, 1, 3, 2, 4, 5)
        .reshape(x.size(0), (long) side * side, x.size(2) * scale * scale);
  }
}
