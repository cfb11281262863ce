package dev.lynceus.model.blip;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.ImageRegion;
import dev.lynceus.image.ProcessedImage;
import dev.lynceus.image.RgbImage;
import dev.lynceus.model.Flow;
import dev.lynceus.model.ImageScale;
import dev.lynceus.model.Picture;
import dev.lynceus.model.VisionLanguageModel;
import dev.lynceus.model.encoder.TextEncoder;
import dev.lynceus.model.encoder.TextEncoderWeights;
import dev.lynceus.model.encoder.WordRows;
import dev.lynceus.model.stack.Surroundings;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.model.vit.Tower;
import dev.lynceus.model.vit.Vit;
import dev.lynceus.tap.Axis;
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
import org.jspecify.annotations.Nullable;

/// BLIP that answers questions (`BlipForQuestionAnswering`) or describes pictures
/// (`BlipForConditionalGeneration`; arXiv 2201.12086). Where it is asked, an encoder reads the
/// question beside the tower, and the decoder reads what left the encoder; else the decoder reads
/// the tower. No visual tokens stand among words.
///
/// @param encoder of the question; null where the model describes
public record Blip(BlipConfig config, Vit tower, @Nullable TextEncoder encoder, TextStack decoder)
    implements VisionLanguageModel {

  /// Takes its weights.
  ///
  /// @param eyes the view that holds the tower
  /// @param reader the view that holds the encoder; null where the model describes
  /// @param speaker the view that holds the decoder
  /// @throws LynceusException BAD_CHECKPOINT if a tensor is absent or has another shape
  public static Blip of(
      BlipConfig config, Weights eyes, @Nullable Weights reader, Weights speaker) {
    return new Blip(
        config,
        new Vit(config.vision(), BlipTower.weights(config.vision(), true, eyes)),
        reader == null
            ? null
            : new TextEncoder(config.words(), TextEncoderWeights.read(config.words(), reader)),
        new TextStack(
            config.text(),
            BlipDecoder.weights(
                config.spoken(reader != null), config.text().embedding().tied(), speaker)));
  }

  @Override
  public Optional<Tower> vision() {
    return Optional.of(tower);
  }

  @Override
  public Optional<TextEncoder> textEncoder() {
    return Optional.ofNullable(encoder);
  }

  @Override
  public Optional<Reading> reading() {
    return Optional.of(new Reading(config.begin(), config.end(), encoder != null));
  }

  @Override
  public boolean has(Point point) {
    return point.stack() != Stack.PROJECTOR && VisionLanguageModel.super.has(point);
  }

  /// No token stands for a part of a picture.
  @Override
  public int imageToken() {
    return -1;
  }

  @Override
  public ImageScale imageScale() {
    return ImageScale.AS_PROJECTED;
  }

  @Override
  public int featureWidth() {
    return config.vision().width();
  }

  @Override
  public int viewTokens() {
    return config.vision().positions();
  }

  @Override
  public TokenMap featureMap() {
    return tower.tokens();
  }

  @Override
  public TokenMap.ImageGrid grid(Picture picture) {
    ImageRegion seen = picture.views().getFirst().region();
    int side = config.vision().grid();
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
  public Optional<TokenMap> memory(Point point, List<TokenMap> words) {
    if (point.axis(Axis.MEMORY) < 0) {
      return Optional.empty();
    }
    boolean question = point.stack() == Stack.DECODER && encoder != null;
    return Optional.of(question ? VisionLanguageModel.common(words) : featureMap());
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
    return new Visual.Read(read(features, words, flow, tap));
  }

  /// What the decoder reads.
  ///
  /// @param features what left the tower, `[texts, positions, width]`
  /// @param words of each text, where the model is asked
  public Surroundings.Memory read(Tensor features, List<TokenMap> words, Flow flow, Tap tap) {
    if (encoder == null) {
      return new Surroundings.Memory(features, null);
    }
    Tensor asked = flow.through(Stack.ENCODER, tap, () -> encoder.reading(words, features, tap));
    Tensor hidden = WordRows.mask(words, 0, features.dtype());
    return new Surroundings.Memory(asked, hidden == null ? null : hidden.narrow(2, 0, 1));
  }

  @Override
  public void require(List<Picture> pictures) {
    if (pictures.size() != 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "this model takes one picture with a question, and %d were given"
              .formatted(pictures.size()),
          pictures.isEmpty()
              ? "Give a picture before the question."
              : "Ask about one picture, or join them into one.");
    }
  }
}
