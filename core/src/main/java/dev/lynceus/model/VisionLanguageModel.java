package dev.lynceus.model;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.image.RgbImage;
import dev.lynceus.model.stack.Surroundings;
import dev.lynceus.model.vit.Vit;
import dev.lynceus.model.vit.VitConfig;
import dev.lynceus.tap.Axis;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.Tap;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// A model that answers about pictures: visual tokens take the places of placeholders among the
/// words.
public interface VisionLanguageModel extends Model {

  /// Id of the placeholder.
  int imageToken();

  /// Id of what stands for a picture in a text before the processor writes placeholders there,
  /// where that is another token.
  default OptionalInt mark() {
    return OptionalInt.empty();
  }

  /// Id of the placeholder of a video, where the family reads videos.
  default OptionalInt videoToken() {
    return OptionalInt.empty();
  }

  /// Whether visual tokens are scaled like token embeddings.
  ImageScale imageScale();

  /// Width of the features that the projector reads: several hidden states of the tower may be
  /// joined.
  int featureWidth();

  /// Visual tokens that the projector makes of one view, before views are put together; 0 where
  /// that depends on the picture.
  int viewTokens();

  /// What the tower takes of some pictures.
  default TowerInput input(List<Picture> pictures) {
    VitConfig config = ((Vit) vision().orElseThrow()).config();
    int views = pictures.stream().mapToInt(picture -> picture.views().size()).sum();
    return new SquareInput(views, config, featureTokens(), viewTokens());
  }

  /// Width of what the first projection of the projector gives.
  default int projectorInner() {
    return decoder().config().width();
  }

  /// Features of one view that the projector reads; fewer tokens may come of them.
  default int featureTokens() {
    return viewTokens();
  }

  /// Width of what the first projection reads: the features of all patches that it joins.
  default int joinedWidth() {
    return featureWidth();
  }

  /// Which views of a picture the patches of a tile of [#grid] are taken from: the first, and one
  /// after the last.
  ///
  /// @param tile number of the tile among those that have patches
  default int[] viewsOf(Picture picture, int tile) {
    int all = picture.views().size();
    // Where a picture is seen whole and in tiles, the whole comes first.
    return all == 1 ? new int[] {0, 1} : tile == 0 ? new int[] {0, 1} : new int[] {1, all};
  }

  /// What the processor writes in the place of a placeholder, with the placeholder once for each
  /// visual token; empty where one placeholder stands for all of them.
  ///
  /// @param placeholder the text of the placeholder
  default Optional<String> spelled(Picture picture, String placeholder) {
    return Optional.empty();
  }

  /// The same where it writes other tokens around the placeholders, too.
  ///
  /// @param placeholder what stands for a picture in a text
  /// @param piece the text of a token, by its id
  default Optional<String> spelled(Picture picture, String placeholder, IntFunction<String> piece) {
    return spelled(picture, placeholder);
  }

  /// The text of a prompt as the processor writes it, before pictures take their places.
  ///
  /// @param placeholder the text of the placeholder
  /// @param beginning what begins a text of the tokenizer; may be empty
  default String written(String text, String placeholder, String beginning) {
    return text;
  }

  /// A raw text with placeholders for its pictures, where the family has one place for them and the
  /// text names none.
  ///
  /// @param pictures how many
  default String withPlaceholders(String text, String placeholder, int pictures) {
    return text;
  }

  /// How the visual tokens of a picture lie on it.
  TokenMap.ImageGrid grid(Picture picture);

  /// What the tower saw of a picture, one for each tile of [#grid] that has patches: its patches
  /// fill it.
  List<RgbImage> seen(Picture picture);

  /// The visual tokens of some pictures, one picture after the other: `[tokens, width]`.
  ///
  /// @param dtype type of the arithmetic
  /// @param flow may know what left the tower
  /// @throws IllegalStateException where pictures become no tokens: see [#reading()]
  default Tensor visualTokens(List<Picture> pictures, DType dtype, Flow flow, Tap tap) {
    throw new IllegalStateException("pictures become no tokens of this model");
  }

  /// How the decoder is asked that reads pictures, or an encoder of the question, by
  /// cross-attention; empty where visual tokens stand among its words.
  default Optional<Reading> reading() {
    return Optional.empty();
  }

  /// How a decoder is asked that reads what left an earlier stack. No visual tokens stand among its
  /// words.
  ///
  /// @param begin id of the token that all it says comes after
  /// @param end id of the token that ends it
  /// @param asked whether an encoder reads a question; else the user's words begin what it says
  record Reading(int begin, int end, boolean asked) {}

  /// What a decoder takes of pictures.
  sealed interface Visual {

    /// Visual tokens among its words.
    ///
    /// @param rows one picture after the other: `[tokens, width]`
    /// @param later what is added at their positions to the residual stream after each of the first
    ///   layers (DeepStack), like `rows`; empty in most families
    record Tokens(Tensor rows, List<Tensor> later) implements Visual {}

    /// What its layers read by cross-attention.
    record Read(Surroundings.Memory memory) implements Visual {}
  }

  /// What the decoder takes of some pictures, each seen with words beside it.
  ///
  /// @param words for each picture; empty where none are read
  /// @param dtype type of the arithmetic
  /// @param flow may know what left the tower
  default Visual visual(
      List<Picture> pictures, List<TokenMap> words, DType dtype, Flow flow, Tap tap) {
    return new Visual.Tokens(visualTokens(pictures, dtype, flow, tap), List.of());
  }

  /// The folder of the tokenizer of the words that are read beside a picture (InstructBLIP); empty
  /// where pictures are seen the same whatever is asked.
  default Optional<String> instructionTokenizer() {
    return Optional.empty();
  }

  /// Refuses pictures that a prompt cannot have together.
  ///
  /// @throws LynceusException BAD_REQUEST
  default void require(List<Picture> pictures) {}

  /// The visual tokens of all views one after the other, as they enter the decoder, through their
  /// place.
  ///
  /// @param views `[views, tokens, width]`
  /// @return `[views * tokens, width]`
  static Tensor inOrder(Tensor views, Tap tap) {
    Tensor all = views.reshape(1, views.size(0) * views.size(1), -1);
    return tap.at(Point.PROJECTOR_PACKED, all).select(0, 0);
  }

  /// What the positions of the features are that the projector reads of a view.
  TokenMap featureMap();

  /// What the visual tokens are that the projector makes of a view.
  default TokenMap projectedMap() {
    return featureMap();
  }

  @Override
  default TokenMap labels(Point point, List<Picture> pictures, List<TokenMap> words) {
    if (point.stack() == Stack.QFORMER) {
      return queries().orElseThrow().tokens(projectedMap().grids().getFirst(), common(words));
    }
    if (point.stack() == Stack.ENCODER) {
      return common(words);
    }
    return switch (point.site()) {
      case PIXELS -> TokenMap.NONE;
      case PATCH_EMBED -> ((Vit) vision().orElseThrow()).patches();
      case FEATURES -> featureMap();
      case LN_IN, PRE, POST, OUT -> projectedMap();
      case PACKED -> TokenMap.pictures(pictures.stream().map(this::grid).toList());
      default -> ((Vit) vision().orElseThrow()).tokens();
    };
  }

  /// What all pictures are read beside; nothing where that differs.
  static TokenMap common(List<TokenMap> words) {
    return words.stream().distinct().count() == 1 ? words.getFirst() : TokenMap.NONE;
  }

  @Override
  default Optional<TokenMap> memory(Point point, List<TokenMap> words) {
    return switch (point.stack()) {
      case QFORMER, ENCODER ->
          point.axis(Axis.MEMORY) >= 0 ? Optional.of(featureMap()) : Optional.empty();
      case VISION, PIXELS, PROJECTOR, DECODER -> Optional.empty();
    };
  }

  /// Puts visual tokens into the places of the placeholders, in order.
  ///
  /// @param embedded token embeddings, `[batch, pos, width]`
  /// @param ids int64 `[batch, pos]`
  /// @param visual `[tokens, width]`
  /// @throws dev.lynceus.error.LynceusException BAD_REQUEST if there are not as many placeholders
  ///   as visual tokens
  default Tensor merge(Tensor embedded, Tensor ids, Tensor visual) {
    Tensor rows =
        switch (imageScale()) {
          case AS_PROJECTED -> visual;
          case WITH_TEXT -> visual.mul(decoder().config().embeddingScale());
        };
    return placed(embedded, ids, rows);
  }

  /// Puts rows into the places of the placeholders, in order.
  ///
  /// @param into `[batch, pos, width]`; left as it is
  /// @param ids int64 `[batch, pos]`
  /// @param rows `[tokens, width]`
  /// @throws dev.lynceus.error.LynceusException BAD_REQUEST if there are not as many placeholders
  ///   as rows
  default Tensor placed(Tensor into, Tensor ids, Tensor rows) {
    long[] flat = ids.toLongs();
    int[] places = IntStream.range(0, flat.length).filter(i -> flat[i] == imageToken()).toArray();
    if (places.length != rows.size(0)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the prompt has %d image positions for %d visual tokens"
              .formatted(places.length, rows.size(0)),
          "Write one <image> placeholder for each picture.");
    }
    Tensor merged = into.reshape(-1, into.size(2)).copy();
    return merged.indexCopy_(0, Tensor.indices(places), rows).reshape(into.shape());
  }
}
