package dev.lynceus.model.llavanext;

import static dev.lynceus.tap.Point.PROJECTOR_PACKED;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.Extent;
import dev.lynceus.image.ImageRegion;
import dev.lynceus.image.ProcessedImage;
import dev.lynceus.image.RgbImage;
import dev.lynceus.image.TileLayout;
import dev.lynceus.model.Flow;
import dev.lynceus.model.ImageScale;
import dev.lynceus.model.Picture;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.model.llava.VisualEncoder;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.model.vit.Vit;
import dev.lynceus.tap.Tap;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// LLaVA-NeXT (`LlavaNextForConditionalGeneration`): the tower sees the whole picture, then its
/// tiles at a higher resolution. The visual tokens of the whole come first; those of the tiles
/// follow, put together to one grid, without the margins that show padding, with a learned line
/// break after each row.
///
/// @param encoder tower and projector
/// @param newline the line break, `[width]`
/// @param imageScale whether visual tokens, line breaks included, are scaled like token embeddings
public record LlavaNext(
    LlavaNextConfig config,
    VisualEncoder encoder,
    Tensor newline,
    TextStack decoder,
    ImageScale imageScale)
    implements VisionLanguageModel {

  @Override
  public Optional<Vit> vision() {
    return Optional.of(encoder.tower());
  }

  @Override
  public int imageToken() {
    return config.base().imageToken();
  }

  @Override
  public int featureWidth() {
    return config.base().featureWidth();
  }

  @Override
  public int viewTokens() {
    return config.base().imageTokens();
  }

  @Override
  public TokenMap featureMap() {
    return encoder.featureMap();
  }

  @Override
  public TokenMap.ImageGrid grid(Picture picture) {
    TileLayout layout = layout(picture);
    int side = layout.side();
    ImageRegion whole = picture.views().getFirst().region();
    ImageRegion corner = picture.views().get(1).region();
    double patchWidth = corner.width() / side;
    double patchHeight = corner.height() / side;
    List<TokenMap.Tile> tiles =
        List.of(
            new TokenMap.Tile(
                "whole", side, side, 0, whole.left(), whole.top(), whole.width(), whole.height()),
            new TokenMap.Tile(
                "tiles",
                layout.rows(),
                layout.columns(),
                1,
                corner.left() + layout.left() * patchWidth,
                corner.top() + layout.top() * patchHeight,
                layout.columns() * patchWidth,
                layout.rows() * patchHeight));
    return new TokenMap.ImageGrid(
        picture.name(),
        picture.original().width(),
        picture.original().height(),
        tiles.stream().filter(tile -> tile.tokens() > 0).toList());
  }

  @Override
  public List<RgbImage> seen(Picture picture) {
    TileLayout layout = layout(picture);
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

  @Override
  public Tensor visualTokens(List<Picture> pictures, DType dtype, Flow flow, Tap tap) {
    List<ProcessedImage> views = new ArrayList<>();
    for (Picture picture : pictures) {
      layout(picture);
      views.addAll(picture.views());
    }
    Tensor encoded = encoder.encode(() -> encoder.pixels(views, dtype), flow, tap);
    List<Tensor> packed = new ArrayList<>();
    int start = 0;
    for (Picture picture : pictures) {
      packed.add(encoded.select(0, start));
      TileLayout layout = layout(picture);
      packed.add(pack(encoded.narrow(0, start + 1, layout.tiles()), layout));
      start += picture.views().size();
    }
    return tap.at(PROJECTOR_PACKED, Torch.cat(packed, 0).unsqueeze(0)).select(0, 0);
  }

  /// Puts tiles together, cuts the margins, and ends each row with a line break.
  ///
  /// @param tiles `[tiles, tokens, width]`
  /// @return `[rows * (columns + 1), width]`
  private Tensor pack(Tensor tiles, TileLayout layout) {
    int side = layout.side();
    long width = tiles.size(2);
    Tensor sheet =
        tiles
            .reshape(layout.tileRows(), layout.tileColumns(), side, side, width)
            .permute(0, 2, 1, 3, 4)
            .reshape((long) layout.tileRows() * side, (long) layout.tileColumns() * side, width);
    Tensor kept =
        sheet.narrow(0, layout.top(), layout.rows()).narrow(1, layout.left(), layout.columns());
    Tensor breaks = newline.to(tiles.dtype()).reshape(1, 1, width).expand(layout.rows(), 1, width);
    return Torch.cat(List.of(kept, breaks), 1)
        .reshape((long) layout.rows() * (layout.columns() + 1), width);
  }

  /// How the tiles of a picture lie, by the config of the model, which must have cut it as the
  /// processor did.
  private TileLayout layout(Picture picture) {
    TileLayout layout =
        TileLayout.of(
            new Extent(picture.original().height(), picture.original().width()),
            config.pinpoints(),
            config.base().vision().imageSize(),
            config.base().vision().grid());
    boolean same = picture.views().size() == layout.tiles() + 1;
    if (same) {
      ImageRegion first = picture.views().get(1).region();
      ImageRegion last = picture.views().getLast().region();
      same = Math.round((last.left() - first.left()) / first.width()) == layout.tileColumns() - 1;
    }
    if (!same) {
      throw new LynceusException(
          ErrorCode.BAD_CHECKPOINT,
          "preprocessor_config.json cuts %s into %d views, config.json into %d: their image_grid_pinpoints or sizes differ"
              .formatted(picture.name(), picture.views().size(), layout.tiles() + 1),
          "Use the preprocessor_config.json that belongs to this checkpoint.");
    }
    return layout;
  }
}
