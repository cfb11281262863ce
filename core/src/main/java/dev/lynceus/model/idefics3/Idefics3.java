package dev.lynceus.model.idefics3;

import dev.lynceus.image.RgbImage;
import dev.lynceus.model.Flow;
import dev.lynceus.model.ImageScale;
import dev.lynceus.model.Picture;
import dev.lynceus.model.TiledViews;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.model.vit.Tower;
import dev.lynceus.model.vit.Vit;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Tap;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.Weights;
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

  private TiledViews views() {
    return new TiledViews(config.vision().imageSize(), config.side());
  }

  @Override
  public Optional<Tower> vision() {
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

  @Override
  public int[] viewsOf(Picture picture, int tile) {
    return views().viewsOf(picture, tile);
  }

  @Override
  public Optional<String> spelled(Picture picture, String placeholder) {
    TiledViews.Tiles tiles = views().tiles(picture);
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
    return views().grid(picture);
  }

  @Override
  public List<RgbImage> seen(Picture picture) {
    return views().seen(picture);
  }

  @Override
  public Tensor visualTokens(List<Picture> pictures, DType dtype, Flow flow, Tap tap) {
    Tensor visual = connector.encode(() -> views().pixels(pictures, dtype), flow, tap);
    return VisionLanguageModel.inOrder(visual, tap);
  }
}
