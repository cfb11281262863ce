package dev.lynceus.model.encoder;

import dev.lynceus.model.stack.Block;
import dev.lynceus.model.stack.Surroundings;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Site;
import dev.lynceus.tap.Stack;
import dev.lynceus.tap.Tap;
import dev.lynceus.tap.TokenMap;
import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.Scope;
import dev.lynceus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A text encoder, as in BERT, with norms after attention and feed-forward network: the words of a
/// text all see each other, and in every layer they may read what left a vision tower besides. The
/// same weights serve both ways: without a tower to read, cross-attention and its norm are passed
/// by.
public final class TextEncoder {
  private final TextEncoderConfig config;
  private final TextEncoderWeights weights;
  private final Block block;

  public TextEncoder(TextEncoderConfig config, TextEncoderWeights weights) {
    this.config = config;
    this.weights = weights;
    this.block = new Block(Stack.ENCODER, config.shape().heads(), Block.Order.AFTER);
  }

  /// Its sizes.
  public TextEncoderConfig config() {
    return config;
  }

  /// The rows of all words, `[vocabulary, width]`.
  public Tensor embedding() {
    return weights.words().embedding();
  }

  /// Whether it has a place.
  public boolean has(Point point) {
    return point.stack() == Stack.ENCODER
        && switch (point.site()) {
          case EMBED, POS_EMBED, LN_PRE -> true;
          default -> Block.has(point.site(), weights.layers().getFirst(), false);
        };
  }

  /// What leaves the last layer, of texts that read nothing.
  ///
  /// @param words of each text; shorter ones are filled up at their ends
  /// @param dtype type of the arithmetic
  /// @return `[texts, longest, width]`
  public Tensor forward(List<TokenMap> words, DType dtype, Tap tap) {
    return through(words, null, dtype, tap);
  }

  /// What leaves the last layer, of texts that read a picture.
  ///
  /// @param words of each text, or of each of several copies of all texts
  /// @param memory what left the tower, `[texts, memory, its width]`, or of one picture that all of
  ///   them read
  /// @return `[texts, longest, width]`
  public Tensor reading(List<TokenMap> words, Tensor memory, Tap tap) {
    List<TokenMap> all = new ArrayList<>(words);
    for (int text = words.size(); text < memory.size(0); text++) {
      all.add(words.get(text % words.size()));
    }
    return through(all, memory, memory.dtype(), tap);
  }

  private Tensor through(List<TokenMap> words, @Nullable Tensor memory, DType dtype, Tap tap) {
    int longest = WordRows.longest(words);
    Tensor rows = tap.at(at(Site.EMBED), weights.words().words(words, dtype));
    Tensor positions =
        weights
            .words()
            .positions(longest, "text encoder", dtype)
            .expand(rows.size(0), longest, config.shape().width());
    // What a run keeps may outlive the mapped weights.
    Tensor seen =
        tap.wants(at(Site.POS_EMBED), 0) ? tap.at(at(Site.POS_EMBED), positions.copy()) : positions;
    Tensor x = tap.at(at(Site.LN_PRE), weights.norm().apply(rows.add(seen)));
    Surroundings around = new Surroundings(null, WordRows.mask(words, 0, dtype), false, null);
    if (memory != null) {
      around = around.reading(new Surroundings.Memory(memory, null, longest));
    }
    for (int l = 0; l < config.shape().layers(); l++) {
      try (Scope scope = Scope.open()) {
        x = scope.keep(block.forward(l, weights.layers().get(l), x, around, tap));
      }
    }
    return x;
  }

  private static Point at(Site site) {
    return Point.of(Stack.ENCODER, site);
  }
}
