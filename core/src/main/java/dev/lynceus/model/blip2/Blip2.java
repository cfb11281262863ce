package dev.lynceus.model.blip2;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageRegion;
import dev.lynceus.image.ProcessedImage;
import dev.lynceus.image.RgbImage;
import dev.lynceus.model.Flow;
import dev.lynceus.model.ImageScale;
import dev.lynceus.model.Picture;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.model.qformer.QFormer;
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

/// BLIP-2 (`Blip2ForConditionalGeneration`) and InstructBLIP
/// (`InstructBlipForConditionalGeneration`): a tower, a Q-Former whose queries read it, in
/// InstructBLIP beside the words of the question, one projection, and a decoder before whose words
/// the queries stand.
///
/// @param former the queries
/// @param projection `[width, width of the queries]`
/// @param imageScale whether visual tokens are scaled like token embeddings
public record Blip2(
    Blip2Config config,
    Vit tower,
    QFormer former,
    Linear projection,
    TextStack decoder,
    ImageScale imageScale)
    implements VisionLanguageModel {

  /// Builds it.
  ///
  /// @param weights the view that holds `language_projection`
  /// @throws LynceusException BAD_CHECKPOINT if a tensor is absent or has another shape
  public static Blip2 of(
      Blip2Config config,
      Vit tower,
      QFormer former,
      Weights weights,
      TextStack decoder,
      ImageScale scale) {
    int width = config.text().width();
    return new Blip2(
        config,
        tower,
        former,
        new Linear(
            weights.get("language_projection.weight", width, config.queries().width()).own(),
            weights.get("language_projection.bias", width).own()),
        decoder,
        scale);
  }

  @Override
  public Optional<Tower> vision() {
    return Optional.of(tower);
  }

  @Override
  public Optional<QFormer> queries() {
    return Optional.of(former);
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
    return config.queries().queries();
  }

  @Override
  public Optional<String> instructionTokenizer() {
    return config.queries().words() ? Optional.of("qformer_tokenizer") : Optional.empty();
  }

  /// Pictures come first, then what begins a text, then the words.
  @Override
  public String written(String text, String placeholder, String beginning) {
    int pictures = text.lastIndexOf(placeholder);
    int words = pictures < 0 ? 0 : pictures + placeholder.length();
    return text.startsWith(beginning, words)
        ? text
        : text.substring(0, words) + beginning + text.substring(words);
  }

  @Override
  public String withPlaceholders(String text, String placeholder, int pictures) {
    return text.contains(placeholder) ? text : placeholder.repeat(pictures) + text;
  }

  @Override
  public TokenMap featureMap() {
    return tower.tokens();
  }

  @Override
  public TokenMap projectedMap() {
    return TokenMap.pictures(List.of(grid("view", 1, 1, new ImageRegion(0, 0, 1, 1))));
  }

  @Override
  public TokenMap.ImageGrid grid(Picture picture) {
    return grid(
        picture.name(),
        picture.original().width(),
        picture.original().height(),
        picture.views().getFirst().region());
  }

  private TokenMap.ImageGrid grid(String name, int width, int height, ImageRegion seen) {
    return new TokenMap.ImageGrid(
        name,
        width,
        height,
        List.of(
            TokenMap.Tile.queries(
                viewTokens(), seen.left(), seen.top(), seen.width(), seen.height())));
  }

  @Override
  public List<RgbImage> seen(Picture picture) {
    return List.of();
  }

  @Override
  public Visual visual(
      List<Picture> pictures, List<TokenMap> words, DType dtype, Flow flow, Tap tap) {
    List<ProcessedImage> views = pictures.stream().map(Picture::onlyView).toList();
    int[] last = {config.vision().layers()};
    Tensor left =
        flow.through(
            Stack.VISION,
            tap,
            () -> tower.forward(tower.pixels(views, dtype), last, tap).getFirst());
    Tensor features = tap.at(Point.vision(Site.FEATURES), tower.finished(left, tap));
    Tensor asked = flow.through(Stack.QFORMER, tap, () -> former.forward(features, words, tap));
    Tensor queries = asked.narrow(1, 0, viewTokens());
    Tensor visual = tap.at(Point.PROJECTOR_OUT, projection.apply(queries.contiguous()));
    return new Visual.Tokens(VisionLanguageModel.inOrder(visual, tap), List.of());
  }

  @Override
  public void require(List<Picture> pictures) {
    if (pictures.size() > 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "this model takes one picture with a question, and %d were given"
              .formatted(pictures.size()),
          "Ask about one picture, or join them into one.");
    }
  }
}
