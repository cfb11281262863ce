package dev.lynceus.model.match;

import dev.lynceus.model.Flow;
import dev.lynceus.model.Picture;
import dev.lynceus.model.Stacks;
import dev.lynceus.model.encoder.TextEncoder;
import dev.lynceus.model.qformer.QFormer;
import dev.lynceus.model.vit.Tower;
import dev.lynceus.model.vit.Vit;
import dev.lynceus.tap.Axis;
import dev.lynceus.tap.Labels;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.Tap;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A model that says how well a text fits a picture, in two ways. By *matching*, the words (or
/// queries beside them) read the picture, and a head of two classes says whether both belong
/// together. By *contrast*, picture and text are read apart, and compared as two vectors: much
/// cheaper for many pairs, and blind to what only a look at both would tell.
///
/// A verdict is given by each of some *speakers*: by the first word of the text (BLIP), or by every
/// query of a Q-Former (BLIP-2).
public interface Matcher extends Stacks {

  /// The tower.
  Vit tower();

  /// The stack that reads it by cross-attention.
  Stack reader();

  /// Whether a layer of the reader reads the tower.
  boolean reads(int layer);

  /// How many rows of the reader speak for a picture.
  int speakers();

  /// Rows in the embedding of its words.
  int vocabulary();

  /// Width of the vectors by which pictures and texts are compared.
  int shared();

  /// What left the tower, through the norm after it, `[pictures, positions, width]`.
  ///
  /// @param flow may know what left the tower
  default Tensor seen(List<Picture> pictures, DType dtype, Flow flow, Tap tap) {
    int[] last = {tower().config().layers()};
    Tensor left =
        flow.through(
            Stack.VISION,
            tap,
            () ->
                tower()
                    .forward(
                        tower().pixels(pictures.stream().map(Picture::onlyView).toList(), dtype),
                        last,
                        tap)
                    .getFirst());
    return tap.at(Point.vision(Site.FEATURES), tower().finished(left, tap));
  }

  /// What the head of matching says of texts beside pictures, by each speaker: scores of “does not
  /// match” and “matches”. The model's own verdict is their mean over the speakers.
  ///
  /// @param seen what left the tower: of one picture for all texts, or of one for each
  /// @return `[texts, speakers, 2]`
  Tensor verdicts(Tensor seen, List<TokenMap> words, Tap tap);

  /// Pictures as vectors of length one, one for each speaker, `[pictures, speakers, shared]`.
  Tensor pictures(Tensor seen, Tap tap);

  /// Texts as vectors of length one, `[texts, shared]`. The cosine of a picture and a text is the
  /// largest over the speakers.
  Tensor texts(List<TokenMap> words, DType dtype, Tap tap);

  /// What the rows of the reader are when it reads a picture beside a text.
  TokenMap rows(TokenMap words);

  /// What the positions of every place are in a pass of pictures and one text.
  default Labels labels(TokenMap words) {
    Function<Point, TokenMap> rows =
        point ->
            point.stack() == reader()
                ? rows(words)
                : switch (point.site()) {
                  case PIXELS -> TokenMap.NONE;
                  case PATCH_EMBED -> tower().patches();
                  default -> tower().tokens();
                };
    return new Labels(
        rows, point -> point.axis(Axis.MEMORY) >= 0 ? tower().tokens() : rows.apply(point));
  }

  @Override
  default Optional<Tower> vision() {
    return Optional.of(tower());
  }

  @Override
  default Optional<QFormer> queries() {
    return Optional.empty();
  }

  @Override
  default Optional<TextEncoder> textEncoder() {
    return Optional.empty();
  }

  @Override
  default int layers(Stack stack) {
    return switch (stack) {
      case VISION -> tower().config().layers();
      case QFORMER -> queries().map(former -> former.config().layers()).orElse(0);
      case ENCODER -> textEncoder().map(words -> words.config().shape().layers()).orElse(0);
      case PIXELS, PROJECTOR, DECODER -> 0;
    };
  }

  @Override
  default boolean has(Point point) {
    return switch (point.stack()) {
      case VISION -> tower().has(point);
      case QFORMER -> queries().isPresent() && queries().get().has(point);
      case ENCODER -> textEncoder().isPresent() && textEncoder().get().has(point);
      case PIXELS, PROJECTOR, DECODER -> false;
    };
  }
}
