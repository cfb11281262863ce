package dev.lynceus.model.llavanext;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.Extent;
import dev.lynceus.image.ImageRegion;
import dev.lynceus.image.ProcessedImage;
import dev.lynceus.image.RgbImage;
import dev.lynceus.image.TileLayout;
import dev.lynceus.image.ViewLayout;
import dev.lynceus.model.Picture;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.List;
import java.util.stream.Stream;

/// A picture that is seen as a whole and in tiles, which together are one sheet of patches without
/// the margins that show padding.
///
/// @param picture whose first view is the whole
/// @param layout how its tiles lie
public record Sheet(Picture picture, TileLayout layout) {

  /// The sheet of a picture, by the config of the model, which must have cut it as the processor
  /// did.
  ///
  /// @throws LynceusException BAD_CHECKPOINT if it did not
  public static Sheet of(Picture picture, LlavaNextConfig config) {
    TileLayout layout =
        TileLayout.of(
            new Extent(picture.original().height(), picture.original().width()),
            config.pinpoints(),
            config.base().vision().imageSize(),
            config.base().vision().grid());
    ViewLayout cut =
        new ViewLayout.Tiles(layout.tileRows(), layout.tileColumns(), ViewLayout.Tiles.Side.FIRST);
    if (!picture.layout().equals(cut)) {
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT,
          "preprocessor_config.json cuts %s into %d views, config.json into %d: their image_grid_pinpoints or sizes differ"
              .formatted(picture.name(), picture.views().size(), cut.views()),
          "Use the preprocessor_config.json that belongs to this checkpoint.");
    }
    return new Sheet(picture, layout);
  }

  /// How the visual tokens lie on the picture: those of the whole, then those of the sheet row by
  /// row, with a line break after each.
  ///
  /// @param rows of visual tokens of the sheet
  /// @param columns of them
  public TokenMap.ImageGrid grid(int rows, int columns) {
    int side = layout.side();
    ImageRegion whole = picture.views().getFirst().region();
    ImageRegion kept = layout.kept(picture.views().get(1).region());
    return new TokenMap.ImageGrid(
        picture.name(),
        picture.original().width(),
        picture.original().height(),
        Stream.of(
                new TokenMap.Tile(
                    "whole",
                    side,
                    side,
                    0,
                    whole.left(),
                    whole.top(),
                    whole.width(),
                    whole.height()),
                new TokenMap.Tile(
                    "tiles",
                    rows,
                    columns,
                    1,
                    kept.left(),
                    kept.top(),
                    kept.width(),
                    kept.height()))
            .filter(tile -> tile.tokens() > 0)
            .toList());
  }

  /// What the tower saw: the whole, and the sheet where anything of it is left.
  public List<RgbImage> seen() {
    RgbImage whole = picture.views().getFirst().seen();
    if (layout.rows() == 0 || layout.columns() == 0) {
      return List.of(whole);
    }
    List<ProcessedImage> tiles = picture.views().subList(1, picture.views().size());
    RgbImage sheet =
        RgbImage.joined(tiles.stream().map(ProcessedImage::seen).toList(), layout.tileColumns());
    int left = sheet.width() * layout.left() / (layout.tileColumns() * layout.side());
    int top = sheet.height() * layout.top() / (layout.tileRows() * layout.side());
    return List.of(
        whole, sheet.cropped(left, top, sheet.width() - 2 * left, sheet.height() - 2 * top));
  }

  /// Puts what the projector made of the tiles together, and cuts the margins.
  ///
  /// @param tiles `[tiles, tokens, width]`
  /// @return `[rows, columns, width]`
  public Tensor joined(Tensor tiles) {
    int side = layout.side();
    long width = tiles.size(2);
    return tiles
        .reshape(layout.tileRows(), layout.tileColumns(), side, side, width)
        .permute(0, 2, 1, 3, 4)
        .reshape((long) layout.tileRows() * side, (long) layout.tileColumns() * side, width)
        .narrow(0, layout.top(), layout.rows())
        .narrow(1, layout.left(), layout.columns());
  }

  /// Ends each row with a line break.
  ///
  /// @param grid `[rows, columns, width]`
  /// @param newline `[width]`
  /// @return `[rows * (columns + 1), width]`
  public static Tensor broken(Tensor grid, Tensor newline) {
    long rows = grid.size(0);
    long width = grid.size(2);
    Tensor breaks = newline.to(grid.dtype()).reshape(1, 1, width).expand(rows, 1, width);
    return Torch.cat(List.of(grid, breaks), 1).reshape(rows * (grid.size(1) + 1), width);
  }
}
