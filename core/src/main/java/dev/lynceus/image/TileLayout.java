package dev.lynceus.image;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/// Which patches of the tiles of one picture become visual tokens: all tiles side by side are one
/// grid of patches, from which the margins that show padding are cut, in whole patches: a patch
/// that shows little of the picture may go with them.
///
/// @param tileRows rows of tiles
/// @param tileColumns columns of tiles
/// @param side rows and columns of patches in one tile
/// @param top rows of patches that are cut above, and as many below
/// @param left columns of patches that are cut on the left, and as many on the right
public record TileLayout(int tileRows, int tileColumns, int side, int top, int left) {
  private static final int DECIMALS = 7;

  /// The layout of a picture. Source: `unpad_image` of transformers 5.18, whose sides are rounded
  /// to seven decimals before they are cut to whole patches.
  ///
  /// @param pinpoints resolutions to choose from
  /// @param tileSize side of a tile in pixels
  /// @param side rows and columns of patches in one tile
  public static TileLayout of(Extent picture, List<Extent> pinpoints, int tileSize, int side) {
    Extent best = AnyResImageProcessor.bestResolution(pinpoints, picture.height(), picture.width());
    int tileRows = best.height() / tileSize;
    int tileColumns = best.width() / tileSize;
    int rows = tileRows * side;
    int columns = tileColumns * side;
    double ownAspect = (double) picture.width() / picture.height();
    double gridAspect = (double) columns / rows;
    if (ownAspect > gridAspect) {
      int kept = whole(picture.height() * ((double) columns / picture.width()));
      return new TileLayout(tileRows, tileColumns, side, (rows - kept) / 2, 0);
    }
    int kept = whole(picture.width() * ((double) rows / picture.height()));
    return new TileLayout(tileRows, tileColumns, side, 0, (columns - kept) / 2);
  }

  private static int whole(double length) {
    return new BigDecimal(length).setScale(DECIMALS, RoundingMode.HALF_EVEN).intValue();
  }

  /// Tiles.
  public int tiles() {
    return tileRows * tileColumns;
  }

  /// Rows of patches that stay.
  public int rows() {
    return tileRows * side - 2 * top;
  }

  /// Columns of patches that stay.
  public int columns() {
    return tileColumns * side - 2 * left;
  }

  /// The part of the picture that the patches which stay show, all together.
  ///
  /// @param firstTile the part that the first tile shows
  public ImageRegion kept(ImageRegion firstTile) {
    double patchWidth = firstTile.width() / side;
    double patchHeight = firstTile.height() / side;
    return new ImageRegion(
        firstTile.left() + left * patchWidth,
        firstTile.top() + top * patchHeight,
        columns() * patchWidth,
        rows() * patchHeight);
  }
}
