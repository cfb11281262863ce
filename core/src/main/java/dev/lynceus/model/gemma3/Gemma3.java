package dev.lynceus.model.gemma3;

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
import dev.lynceus.nn.Norm;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.Tap;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.file.Weights;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntFunction;

/// Gemma 3 (`Gemma3ForConditionalGeneration`): a SigLIP tower whose patches are pooled, a norm, one
/// projection, and a Gemma 3 decoder in which the tokens of a view see each other. A processor that
/// pans and scans shows the crops of an elongated picture after the whole.
///
/// @param norm of pooled features
/// @param projection `[width, features]`
/// @param imageScale whether visual tokens are scaled like token embeddings
public record Gemma3(
    Gemma3Config config,
    Vit tower,
    Norm.Rms norm,
    Linear projection,
    TextStack decoder,
    ImageScale imageScale)
    implements VisionLanguageModel {

  /// Builds it.
  ///
  /// @param projector the weights below `multi_modal_projector`
  /// @throws dev.lynceus.error.LynceusException BAD_CHECKPOINT if a tensor is absent or has another
  ///   shape
  public static Gemma3 of(
      Gemma3Config config, Vit tower, Weights projector, TextStack decoder, ImageScale scale) {
    int features = config.vision().width();
    double eps = config.vision().normEps();
    // Stored the other way round.
    Tensor stored = projector.get("mm_input_projection_weight", features, config.text().width());
    return new Gemma3(
        config,
        tower,
        new Norm.Rms(
            projector.get("mm_soft_emb_norm.weight", features).to(DType.FLOAT32).add(1).own(), eps),
        new Linear(stored.t().contiguous().own(), null),
        decoder,
        scale);
  }

  @Override
  public Optional<Tower> vision() {
    return Optional.of(tower);
  }

  @Override
  public Attends attends() {
    return Attends.PICTURES;
  }

  @Override
  public boolean has(Point point) {
    return switch (point.site()) {
      case PRE, POST -> false;
      case LN_IN -> true;
      default -> VisionLanguageModel.super.has(point);
    };
  }

  @Override
  public int imageToken() {
    return config.imageToken();
  }

  @Override
  public OptionalInt mark() {
    return OptionalInt.of(config.beginning());
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
    return new int[] {tile, tile + 1};
  }

  @Override
  public Optional<String> spelled(Picture picture, String placeholder, IntFunction<String> piece) {
    String slots = piece.apply(config.imageToken()).repeat(viewTokens());
    String view = "\n\n" + placeholder + slots + piece.apply(config.end()) + "\n\n";
    int crops = picture.views().size() - 1;
    return Optional.of(
        crops == 0
            ? view
            : "Here is the original image "
                + view
                + " and here are some crops to help you see better "
                + String.join(" ", Collections.nCopies(crops, view)));
  }

  @Override
  public TokenMap featureMap() {
    return tower.patches();
  }

  @Override
  public TokenMap projectedMap() {
    return TokenMap.view(config.side(), config.side(), 0, 0);
  }

  @Override
  public TokenMap.ImageGrid grid(Picture picture) {
    List<ProcessedImage> views = picture.views();
    List<TokenMap.Tile> tiles = new ArrayList<>();
    for (int i = 0; i < views.size(); i++) {
      ImageRegion region = views.get(i).region();
      tiles.add(
          new TokenMap.Tile(
              views.size() == 1 ? "" : i == 0 ? "whole" : "crop " + i,
              config.side(),
              config.side(),
              0,
              region.left(),
              region.top(),
              region.width() * seenShare(),
              region.height() * seenShare()));
    }
    return new TokenMap.ImageGrid(
        picture.name(), picture.original().width(), picture.original().height(), tiles);
  }

  /// The share of a side of a view that is pooled: patches at its end that fill no token are not
  /// read.
  private double seenShare() {
    return (double) pooledPixels() / config.vision().imageSize();
  }

  private int pooledPixels() {
    return config.side() * config.pooled() * config.vision().patchSize();
  }

  @Override
  public List<RgbImage> seen(Picture picture) {
    int side = pooledPixels();
    return picture.views().stream()
        .map(view ->
            view.seen().width() == side ? view.seen() : view.seen().cropped(0, 0, side, side))
        .toList();
  }

  @Override
  public Tensor visualTokens(List<Picture> pictures, DType dtype, Flow flow, Tap tap) {
    List<ProcessedImage> views =
        pictures.stream().flatMap(picture -> picture.views().stream()).toList();
    int[] last = {config.vision().layers()};
    Tensor left =
        flow.through(
            Stack.VISION,
            tap,
            () -> tower.forward(tower.pixels(views, dtype), last, tap).getFirst());
    Tensor features = tap.at(Point.vision(Site.FEATURES), tower.finished(left, tap));
    Tensor read = tap.at(Point.of(Stack.PROJECTOR, Site.LN_IN), norm.apply(pooled(features)));
    Tensor visual = tap.at(Point.PROJECTOR_OUT, projection.apply(read));
    return VisionLanguageModel.inOrder(visual, tap);
  }

  /// The mean over the patches of each square, `[views, tokens, features]`.
  private Tensor pooled(Tensor features) {
    int grid = config.vision().grid();
    int side = config.side();
    int square = config.pooled();
    long views = features.size(0);
    long width = features.size(2);
    return features
        .reshape(views, grid, grid, width)
        .narrow(1, 0, (long) side * square)
        .narrow(2, 0, (long) side * square)
        .reshape(views, side, square, side, square, width)
        .permute(0, 1, 3, 2, 4, 5)
        .reshape(views, (long) side * side, (long) square * square, width)
        .mean(2);
  }
}
