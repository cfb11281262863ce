package dev.lynceus.model.qformer;

import dev.lynceus.model.encoder.WordRows;
import dev.lynceus.model.stack.Block;
import dev.lynceus.model.stack.Layer;
import dev.lynceus.model.stack.Surroundings;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.Tap;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// A Q-Former: learned queries, and in some models words after them, see each other in every layer;
/// in some layers the queries read the tower besides. What the queries are in the end becomes the
/// visual tokens.
public final class QFormer {
  private final QFormerConfig config;
  private final QFormerWeights weights;
  private final List<Layer> ofWords;
  private final List<Layer> ofBoth;
  private final Block block;

  public QFormer(QFormerConfig config, QFormerWeights weights) {
    this.config = config;
    this.weights = weights;
    this.ofWords = weights.layers().stream().map(QFormer::alone).toList();
    this.ofBoth = weights.layers().stream().map(QFormer::blind).toList();
    this.block = new Block(Stack.QFORMER, config.shape().heads(), Block.Order.AFTER);
  }

  /// Sizes and switches.
  public QFormerConfig config() {
    return config;
  }

  /// Whether it has a place.
  public boolean has(Point point) {
    return point.stack() == Stack.QFORMER
        && switch (point.site()) {
          case EMBED, LN_PRE -> true;
          default -> Block.has(point.site(), weights.layers().getFirst(), false);
        };
  }

  /// What leaves the last layer, queries first.
  ///
  /// @param memory what left the tower, `[views, memory, its width]`, or of one view that all read
  /// @param some words beside the queries of each view, or of each of several copies of all views;
  ///   none where the model reads no words
  /// @return `[views, queries + words, width]`
  public Tensor forward(Tensor memory, List<TokenMap> some, Tap tap) {
    DType dtype = memory.dtype();
    int views = Math.max((int) memory.size(0), some.size());
    List<TokenMap> words =
        some.isEmpty()
            ? some
            : IntStream.range(0, views).mapToObj(view -> some.get(view % some.size())).toList();
    int longest = WordRows.longest(words);
    Tensor queries =
        weights
            .queries()
            .to(dtype)
            .unsqueeze(0)
            .expand(views, config.queries(), config.width())
            .contiguous();
    Tensor rows =
        longest == 0 ? queries : Torch.cat(List.of(queries, embedded(words, longest, dtype)), 1);
    Surroundings around =
        new Surroundings(null, WordRows.mask(words, config.queries(), dtype), false, null)
            .reading(new Surroundings.Memory(memory, null, config.queries()));
    return through(rows, weights.layers(), around, tap);
  }

  /// What leaves the last layer, of words without queries beside them, which read nothing.
  ///
  /// @return `[texts, longest, width]`
  public Tensor words(List<TokenMap> words, DType dtype, Tap tap) {
    Surroundings around = new Surroundings(null, WordRows.mask(words, 0, dtype), false, null);
    return through(embedded(words, WordRows.longest(words), dtype), ofWords, around, tap);
  }

  /// What leaves the last layer where rows that were made before stand in the place of the queries,
  /// and each word sees these and the words before it: how a text is told word by word. The tower
  /// is not read again, and rows see no word.
  ///
  /// @param made of each text, `[texts, queries, width]`
  /// @return `[texts, queries + longest, width]`
  public Tensor told(Tensor made, List<TokenMap> words, Tap tap) {
    DType dtype = made.dtype();
    int longest = WordRows.longest(words);
    int all = config.queries() + longest;
    float[] hidden = new float[words.size() * all * all];
    for (int text = 0; text < words.size(); text++) {
      int end = config.queries() + words.get(text).length();
      for (int row = 0; row < all; row++) {
        // What fills up a text sees the whole of it, so that no row is empty; nothing sees that.
        int last = row < config.queries() ? config.queries() : Math.min(row + 1, end);
        for (int column = last; column < all; column++) {
          hidden[(text * all + row) * all + column] = Float.NEGATIVE_INFINITY;
        }
      }
    }
    Tensor mask = Tensor.of(hidden, words.size(), 1, all, all).to(dtype);
    Surroundings around =
        new Surroundings(null, mask, false, null)
            .reading(new Surroundings.Memory(made, null, config.queries()));
    Tensor rows = Torch.cat(List.of(made, embedded(words, longest, dtype)), 1);
    return through(rows, ofBoth, around, tap);
  }

  private Tensor through(Tensor rows, List<Layer> layers, Surroundings around, Tap tap) {
    Tensor embedded = tap.at(Point.of(Stack.QFORMER, Site.EMBED), rows);
    Tensor x = tap.at(Point.of(Stack.QFORMER, Site.LN_PRE), weights.norm().apply(embedded));
    for (int l = 0; l < config.layers(); l++) {
      try (Scope scope = Scope.open()) {
        x = scope.keep(block.forward(l, layers.get(l), x, around, tap));
      }
    }
    return x;
  }

  /// A layer as rows of words pass it.
  private static Layer alone(Layer layer) {
    return layer.words() == null
        ? layer
        : new Layer(
            layer.attentionNorm(),
            layer.attention(),
            layer.words().norm(),
            layer.words().feedForward());
  }

  /// A layer that does not read the tower.
  private static Layer blind(Layer layer) {
    return new Layer(
        layer.attentionNorm(),
        layer.attention(),
        null,
        layer.feedForwardNorm(),
        layer.feedForward(),
        layer.words(),
        layer.behind());
  }

  /// The words of all views, shorter ones filled up, `[views, longest, width]`.
  private Tensor embedded(List<TokenMap> words, int longest, DType dtype) {
    WordRows table = weights.words();
    if (table == null) {
      throw new IllegalStateException("a Q-Former without words was given words");
    }
    return table.words(words, dtype).add(table.positions(longest, "Q-Former", dtype));
  }

  /// What its positions are: the queries of a view, then the words.
  ///
  /// @param grid how the queries lie on the picture
  public TokenMap tokens(TokenMap.ImageGrid grid, TokenMap words) {
    List<TokenMap.Spot> spots = new ArrayList<>(TokenMap.pictures(List.of(grid)).spots());
    spots.addAll(words.spots());
    return new TokenMap(spots, List.of(grid));
  }
}
