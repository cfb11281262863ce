package dev.lynceus.model;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.model.encoder.TextEncoder;
import dev.lynceus.model.qformer.QFormer;
import dev.lynceus.model.stack.StackShape;
import dev.lynceus.model.text.TextStack;
import dev.lynceus.model.vit.Tower;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.TokenMap;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// A model that answers. One with eyes is a [VisionLanguageModel].
public interface Model extends Stacks {

  /// The decoder.
  TextStack decoder();

  @Override
  Optional<Tower> vision();

  /// The queries that read the tower; empty where features are projected as they are.
  @Override
  default Optional<QFormer> queries() {
    return Optional.empty();
  }

  /// The encoder of the words that are read before the decoder answers; empty where the decoder
  /// reads them.
  @Override
  default Optional<TextEncoder> textEncoder() {
    return Optional.empty();
  }

  /// Number of layers of a stack; 0 where the model has none, or it has no layers.
  @Override
  default int layers(Stack stack) {
    return switch (stack) {
      case DECODER -> decoder().config().layers();
      case VISION -> vision().map(tower -> tower.shape().layers()).orElse(0);
      case QFORMER -> queries().map(former -> former.config().layers()).orElse(0);
      case ENCODER -> textEncoder().map(words -> words.config().shape().layers()).orElse(0);
      case PIXELS, PROJECTOR -> 0;
    };
  }

  /// How a stack is laid out; empty where the model has none.
  default Optional<StackShape> shape(Stack stack) {
    return switch (stack) {
      case DECODER -> Optional.of(decoder().config().shape());
      case VISION -> vision().map(Tower::shape);
      case QFORMER -> queries().map(former -> former.config().shape());
      case ENCODER -> textEncoder().map(words -> words.config().shape());
      case PIXELS, PROJECTOR -> Optional.empty();
    };
  }

  /// How a stack is laid out that is asked for.
  ///
  /// @throws LynceusException UNSUPPORTED_MODEL where the model has none
  default StackShape requireShape(Stack stack) {
    return shape(stack)
        .orElseThrow(() ->
            new LynceusException(
                ErrorCode.UNSUPPORTED_MODEL,
                "this model has no " + stack.spoken(),
                "It has layers of the "
                    + Arrays.stream(Stack.values())
                        .filter(one -> shape(one).isPresent())
                        .map(Stack::spoken)
                        .collect(Collectors.joining(", the "))
                    + "."));
  }

  /// Which positions of a sequence the decoder sees beyond those up to its own.
  default Attends attends() {
    return Attends.CAUSAL;
  }

  /// Where the positions of a sequence stand for the rotary encoding: how many real tokens are
  /// before each, and 0 for padding. Families with several coordinates give each of them.
  ///
  /// @return `[coordinates][position]`
  default int[][] standing(TokenMap tokens) {
    int[] numbers = new int[tokens.length()];
    int seen = 0;
    for (int p = 0; p < numbers.length; p++) {
      numbers[p] = tokens.spots().get(p).role() == TokenMap.Role.PADDING ? 0 : seen++;
    }
    return new int[][] {numbers};
  }

  /// What the positions of a place are before the decoder; nothing where it has no positions of its
  /// own.
  ///
  /// @param pictures of the batch
  /// @param words that are read beside each picture
  default TokenMap labels(Point point, List<Picture> pictures, List<TokenMap> words) {
    return TokenMap.NONE;
  }

  /// What the columns of a score or a probability are, where they are not the rows of its own
  /// stack.
  ///
  /// @param words that are read beside each picture
  default Optional<TokenMap> memory(Point point, List<TokenMap> words) {
    return Optional.empty();
  }

  /// Whether it has a place: not every decoder has norms of queries, nor every tower a class token.
  @Override
  default boolean has(Point point) {
    return switch (point.stack()) {
      case DECODER -> decoder().has(point);
      case VISION -> vision().isPresent() && vision().get().has(point);
      case QFORMER -> queries().isPresent() && queries().get().has(point);
      case ENCODER -> textEncoder().isPresent() && textEncoder().get().has(point);
      case PIXELS -> false;
      case PROJECTOR -> vision().isPresent() && point.site() != Site.LN_IN;
    };
  }
}
