package dev.lynceus.model.llava;

import dev.lynceus.image.ImageRegion;
import dev.lynceus.image.ProcessedImage;
import dev.lynceus.image.RgbImage;
import dev.lynceus.model.Flow;
import dev.lynceus.model.ImageScale;
import dev.lynceus.model.Picture;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.model.vit.Tower;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Tap;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/// LLaVA (`LlavaForConditionalGeneration`): the tower's features go through a two-layer projector
/// and take the places of the image placeholders among the token embeddings. VipLLaVA
/// (`VipLlavaForConditionalGeneration`) joins states of several depths and normalises them first.
///
/// @param encoder tower and projector
/// @param imageScale whether visual tokens are scaled like token embeddings
public record Llava(
    LlavaConfig config, VisualEncoder encoder, TextStack decoder, ImageScale imageScale)
    implements VisionLanguageModel {

  @Override
  public Optional<Tower> vision() {
    return Optional.of(encoder.tower());
  }

  @Override
  public boolean has(Point point) {
    return point.site() == Site.LN_IN
        ? encoder.projector().norm() != null
        : VisionLanguageModel.super.has(point);
  }

  @Override
  public int imageToken() {
    return config.imageToken();
  }

  @Override
  public int featureWidth() {
    return config.featureWidth();
  }

  @Override
  public int viewTokens() {
    return config.imageTokens();
  }

  @Override
  public TokenMap featureMap() {
    return encoder.featureMap();
  }

  @Override
  public TokenMap.ImageGrid grid(Picture picture) {
    return new TokenMap.ImageGrid(
        picture.name(),
        picture.original().width(),
        picture.original().height(),
        tiles(picture.views().getFirst().region()));
  }

  /// One tile of all patches, in the usual case. A class token that is kept comes first and is no
  /// patch; a tower without one loses its first patch where the first position is dropped.
  private List<TokenMap.Tile> tiles(ImageRegion seen) {
    int side = config.vision().grid();
    TokenMap.Tile all =
        new TokenMap.Tile(side, side, 0, seen.left(), seen.top(), seen.width(), seen.height());
    if (config.vision().classToken()) {
      TokenMap.Tile whole =
          new TokenMap.Tile(
              "class token", 1, 0, 1, seen.left(), seen.top(), seen.width(), seen.height());
      return config.keepAll() ? List.of(whole, all) : List.of(all);
    }
    if (config.keepAll()) {
      return List.of(all);
    }
    double w = seen.width() / (double) side;
    double h = seen.height() / (double) side;
    return List.of(
        new TokenMap.Tile(
            "first row", 1, side - 1, 0, seen.left() + w, seen.top(), seen.width() - w, h),
        new TokenMap.Tile(
            "other rows",
            side - 1,
            side,
            0,
            seen.left(),
            seen.top() + h,
            seen.width(),
            seen.height() - h));
  }

  @Override
  public List<RgbImage> seen(Picture picture) {
    ProcessedImage view = picture.views().getFirst();
    double scaleX = view.width() / view.region().width();
    double scaleY = view.height() / view.region().height();
    return tiles(view.region()).stream()
        .filter(tile -> tile.patches() > 0)
        .map(tile ->
            view.seen()
                .cropped(
                    (int) Math.round((tile.left() - view.region().left()) * scaleX),
                    (int) Math.round((tile.top() - view.region().top()) * scaleY),
                    (int) Math.round(tile.seenWidth() * scaleX),
                    (int) Math.round(tile.seenHeight() * scaleY)))
        .toList();
  }

  @Override
  public Tensor visualTokens(List<Picture> pictures, DType dtype, Flow flow, Tap tap) {
    List<ProcessedImage> views = pictures.stream().map(Picture::onlyView).toList();
    Tensor visual = encoder.encode(() -> encoder.tower().pixels(views, dtype), flow, tap);
    return VisionLanguageModel.inOrder(visual, tap);
  }
}
