package dev.lynceus.model.idefics3;

import static dev.lynceus.tap.Point.PROJECTOR_PACKED;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageRegion;
import dev.lynceus.image.ProcessedImage;
import dev.lynceus.image.RgbImage;
import dev.lynceus.image.ViewLayout;
import dev.lynceus.model.Flow;
import dev.lynceus.model.ImageScale;
import dev.lynceus.model.Picture;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.model.vit.Vit;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Tap;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import dev.lynceus.tensor.file.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Idefics3 and SmolVLM (`Idefics3ForConditionalGeneration`, `SmolVLMForConditionalGeneration`):
/// the tower sees the tiles of a picture, then the whole of it; between their visual tokens stand
/// words that say which tile follows.
///
/// @param connector tower and projection
/// @param imageScale whether visual tokens are scaled like token embeddings
public record Idefics3(
    Idefics3Config config, Connector connector, TextStack decoder, ImageScale imageScale)
    implements VisionLanguageModel {

  /// Builds it.
  ///
  /// @param weights below `connector`
  public static Idefics3 of(
      Idefics3Config config, Vit tower, Weights weights, TextStack decoder, ImageScale scale) {
    return new Idefics3(config, Connector.of(config, tower, weights), decoder, scale);
  }

  /// How many tiles a picture has.
  private record Tiles(int rows, int columns) {
    int count() {
      return rows * columns;
    }
  }

  @Override
  public Optional<Vit> vision() {
    return Optional.of(connector.tower());
  }

  @Override
  public boolean has(Point point) {
    return switch (point.site()) {
      case PRE, POST -> false;
      default -> VisionLanguageModel.super.has(point);
    };
  }

  @Override
  public int imageToken() {
    return config.imageToken();
  }

  @Override
  public int featureWidth() {
    return config.vision().width();
  }

  @Override
  public int featureTokens() {
    return config.vision().positions();
  }

  @Override
  public int viewTokens() {
    return config.viewTokens();
  }

  /// The tiles come first, the whole is last.
  @Override
  public int[] viewsOf(Picture picture, int tile) {
    int all = picture.views().size();
    return all > 1 && tile == 0 ? new int[] {0, all - 1} : new int[] {all - 1, all};
  }

  @Override
  public Optional<String> spelled(Picture picture, String placeholder) {
    Tiles tiles = tiles(picture);
    String slots = placeholder.repeat(config.viewTokens());
    String edge = "<fake_token_around_image>";
    StringBuilder text = new StringBuilder();
    for (int row = 1; row <= tiles.rows(); row++) {
      for (int column = 1; column <= tiles.columns(); column++) {
        text.append(edge).append("<row_%d_col_%d>".formatted(row, column)).append(slots);
      }
      text.append('\n');
    }
    if (tiles.count() > 0) {
      text.append('\n');
    }
    return Optional.of(
        text.append(edge).append("<global-img>").append(slots).append(edge).toString());
  }

  @Override
  public TokenMap featureMap() {
    return connector.tower().patches();
  }

  @Override
  public TokenMap projectedMap() {
    return TokenMap.view(config.side(), config.side(), 0, 0);
  }

  @Override
  public TokenMap.ImageGrid grid(Picture picture) {
    Tiles tiles = tiles(picture);
    int side = config.side();
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

  @Override
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

  @Override
  public Tensor visualTokens(List<Picture> pictures, DType dtype, Flow flow, Tap tap) {
    List<Tensor> pixels = new ArrayList<>();
    for (Picture picture : pictures) {
      tiles(picture);
      for (ProcessedImage view : picture.views()) {
        pixels.add(Tensor.of(view.pixels(), view.channels(), view.height(), view.width()));
      }
    }
    Tensor visual = connector.encode(() -> Torch.stack(pixels, 0).to(dtype), flow, tap);
    Tensor all = visual.reshape(1, visual.size(0) * visual.size(1), -1);
    return tap.at(PROJECTOR_PACKED, all).select(0, 0);
  }

  /// How the processor cut a picture; none where it shows it whole only.
  private Tiles tiles(Picture picture) {
    int side = config.vision().imageSize();
    for (ProcessedImage view : picture.views()) {
      if (view.height() != side || view.width() != side) {
        throw new LynceusException(
            ErrorCode.BAD_CHECKPOINT,
            "preprocessor_config.json makes %d x %d pixels, the tower takes %d x %d"
                .formatted(view.height(), view.width(), side, side),
            "Use the preprocessor_config.json that belongs to this checkpoint.");
      }
    }
    return switch (picture.layout()) {
      case ViewLayout.Whole _ -> new Tiles(0, 0);
      case ViewLayout.Tiles(int rows, int columns, ViewLayout.Tiles.Side whole)
          when whole == ViewLayout.Tiles.Side.LAST ->
          new Tiles(rows, columns);
      case ViewLayout.Tiles _, ViewLayout.Crops _, ViewLayout.Patched _ ->
          throw new LynceusException(
              ErrorCode.BAD_CHECKPOINT,
              "preprocessor_config.json cuts %s into %d views that are no rows of tiles and the whole"
                  .formatted(picture.name(), picture.views().size()),
              "Use the preprocessor_config.json that belongs to this checkpoint.");
    };
  }
}
