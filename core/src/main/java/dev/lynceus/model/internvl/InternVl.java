package dev.lynceus.model.internvl;

import dev.lynceus.image.RgbImage;
import dev.lynceus.model.Flow;
import dev.lynceus.model.ImageScale;
import dev.lynceus.model.Picture;
import dev.lynceus.model.TiledViews;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.model.llava.Projector;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.model.vit.Tower;
import dev.lynceus.model.vit.Vit;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.Tap;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.Weights;
import java.util.List;
import java.util.Optional;

/// InternVL (`InternVLForConditionalGeneration`): the tower sees the tiles of a picture, then the
/// whole of it; the features of neighbouring patches are put side by side (pixel shuffle),
/// normalised and projected together.
///
/// @param imageScale whether visual tokens are scaled like token embeddings
public record InternVl(
    InternVlConfig config, Vit tower, Projector projector, TextStack decoder, ImageScale imageScale)
    implements VisionLanguageModel {

  /// Builds it.
  ///
  /// @param eyes the weights of the tower
  /// @param projector the weights below `multi_modal_projector`
  public static InternVl of(
      InternVlConfig config, Weights eyes, Weights projector, TextStack decoder, ImageScale scale) {
    int joined = config.vision().width() * config.scale() * config.scale();
    return new InternVl(
        config,
        new Vit(config.vision(), InternVlTower.read(config, eyes)),
        Projector.of(config.projector(), joined, config.text().width(), projector, "layer_norm"),
        decoder,
        scale);
  }

  private TiledViews views() {
    return new TiledViews(config.vision().imageSize(), config.side());
  }

  @Override
  public Optional<Tower> vision() {
    return Optional.of(tower);
  }

  @Override
  public boolean has(Point point) {
    return point.site() == Site.LN_IN || VisionLanguageModel.super.has(point);
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
    return config.vision().positions() - 1;
  }

  @Override
  public int viewTokens() {
    return config.viewTokens();
  }

  @Override
  public int joinedWidth() {
    return featureWidth() * config.scale() * config.scale();
  }

  @Override
  public TokenMap featureMap() {
    return TokenMap.view(config.vision().grid(), config.vision().grid(), 0, 0);
  }

  @Override
  public TokenMap projectedMap() {
    return TokenMap.view(config.side(), config.side(), 0, 0);
  }

  @Override
  public int[] viewsOf(Picture picture, int tile) {
    return views().viewsOf(picture, tile);
  }

  @Override
  public Optional<String> spelled(Picture picture, String placeholder) {
    views().tiles(picture);
    int slots = picture.views().size() * config.viewTokens();
    return Optional.of("<img>" + placeholder.repeat(slots) + "</img>");
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
    int[] depths = {config.depth()};
    Tensor left =
        flow.through(
            Stack.VISION,
            tap,
            () -> tower.forward(views().pixels(pictures, dtype), depths, tap).getFirst());
    Tensor finished = tower.finished(left, tap);
    Tensor features =
        tap.at(Point.vision(Site.FEATURES), finished.narrow(1, 1, finished.size(1) - 1));
    Tensor visual = projector.apply(views().shuffled(features, config.scale()), tap);
    return VisionLanguageModel.inOrder(visual, tap);
  }
}
