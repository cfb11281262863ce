package dev.lynceus.model.paligemma;

import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageRegion;
import dev.lynceus.image.ProcessedImage;
import dev.lynceus.image.RgbImage;
import dev.lynceus.model.Attends;
import dev.lynceus.model.Flow;
import dev.lynceus.model.ImageScale;
import dev.lynceus.model.Picture;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.model.vit.Tower;
import dev.lynceus.model.vit.Vit;
import dev.lynceus.nn.Linear;
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

/// PaliGemma (`PaliGemmaForConditionalGeneration`): a SigLIP tower, one projection, and a Gemma
/// whose prompt, pictures included, sees itself in both directions.
///
/// @param projection `[width, features]`
/// @param imageScale whether visual tokens are scaled like token embeddings
public record PaliGemma(
    PaliGemmaConfig config, Vit tower, Linear projection, TextStack decoder, ImageScale imageScale)
    implements VisionLanguageModel {

  /// Builds it.
  ///
  /// @param projector the weights below `multi_modal_projector`
  /// @throws LynceusException BAD_CHECKPOINT if a tensor is absent or has another shape
  public static PaliGemma of(
      PaliGemmaConfig config, Vit tower, Weights projector, TextStack decoder, ImageScale scale) {
    int features = config.vision().width();
    int width = config.text().width();
    return new PaliGemma(
        config,
        tower,
        new Linear(
            projector.get("linear.weight", width, features).own(),
            projector.get("linear.bias", width).own()),
        decoder,
        scale);
  }

  @Override
  public Optional<Tower> vision() {
    return Optional.of(tower);
  }

  @Override
  public Attends attends() {
    return Attends.PREFIX;
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
  public int viewTokens() {
    return config.imageTokens();
  }

  /// Pictures come first, then what begins a text, the words, and a line break.
  @Override
  public String written(String text, String placeholder, String beginning) {
    int pictures = text.lastIndexOf(placeholder);
    int words = pictures < 0 ? 0 : pictures + placeholder.length();
    return text.substring(0, words) + beginning + text.substring(words) + "\n";
  }

  @Override
  public TokenMap featureMap() {
    return tower.patches();
  }

  @Override
  public TokenMap.ImageGrid grid(Picture picture) {
    int side = config.vision().grid();
    ImageRegion seen = picture.views().getFirst().region();
    return new TokenMap.ImageGrid(
        picture.name(),
        picture.original().width(),
        picture.original().height(),
        List.of(
            new TokenMap.Tile(
                side, side, 0, seen.left(), seen.top(), seen.width(), seen.height())));
  }

  @Override
  public List<RgbImage> seen(Picture picture) {
    return List.of(picture.views().getFirst().seen());
  }

  @Override
  public Tensor visualTokens(List<Picture> pictures, DType dtype, Flow flow, Tap tap) {
    List<ProcessedImage> views = pictures.stream().map(Picture::onlyView).toList();
    int[] last = {config.vision().layers()};
    Tensor left =
        flow.through(
            Stack.VISION,
            tap,
            () -> tower.forward(tower.pixels(views, dtype), last, tap).getFirst());
    Tensor features = tap.at(Point.vision(Site.FEATURES), tower.finished(left, tap));
    Tensor visual = tap.at(Point.PROJECTOR_OUT, projection.apply(features));
    return VisionLanguageModel.inOrder(visual, tap);
  }
}
