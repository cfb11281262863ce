package dev.lynceus.model.text;

import dev.lynceus.model.stack.StackShape;
import dev.lynceus.nn.Activation;
import dev.lynceus.nn.RopeScaling;
import dev.lynceus.tap.Point;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Sizes and switches of a decoder. A family of decoders is a reader of one of these.
///
/// @param family `model_type`
/// @param vocabulary rows of the unembedding
/// @param width width of the residual stream
/// @param layers number of layers
/// @param maxPositions most positions of a sequence; see [PositionLimit]
public record TextConfig(
    String family,
    int vocabulary,
    int width,
    int layers,
    int maxPositions,
    Heads attention,
    FeedForward feedForward,
    Norms norms,
    Embedding embedding) {

  /// A window that sees everything.
  public static final int UNLIMITED = Integer.MAX_VALUE;

  /// The attention of all layers.
  ///
  /// @param count query heads
  /// @param shared heads of keys and values; fewer than `count` in grouped-query attention
  /// @param width of one head; `count * width` may differ from the width of the stream
  /// @param queryBias whether query, key and value projections have a bias
  /// @param outputBias whether the output projection has a bias
  /// @param normed whether each head's queries and keys have a norm of their own
  /// @param windows per layer how many positions back a row sees, its own included
  /// @param rope how queries and keys are rotated; null where they are not
  /// @param rotated coordinates of a head that are rotated, the first ones
  /// @param local how they are rotated in layers with a window; null = as in the others
  /// @param scale factor on the scores
  public record Heads(
      int count,
      int shared,
      int width,
      boolean queryBias,
      boolean outputBias,
      boolean normed,
      int[] windows,
      @Nullable RopeScaling rope,
      int rotated,
      @Nullable RopeScaling local,
      double scale) {

    /// Heads without biases and norms, stored apart, that see everything and are rotated whole.
    ///
    /// @param layers of the decoder
    public static Heads of(
        int count, int shared, int width, int layers, @Nullable RopeScaling rope) {
      int[] windows = IntStream.generate(() -> UNLIMITED).limit(layers).toArray();
      return new Heads(
          count,
          shared,
          width,
          false,
          false,
          false,
          windows,
          rope,
          width,
          null,
          1 / Math.sqrt(width));
    }

    /// The same whose queries and keys are not rotated.
    public Heads unrotated() {
      return new Heads(
          count, shared, width, queryBias, outputBias, normed, windows, null, 0, null, scale);
    }

    /// The same with biases.
    public Heads biases(boolean query, boolean output) {
      return new Heads(
          count, shared, width, query, output, normed, windows, rope, rotated, local, scale);
    }

    /// The same with norms of queries and keys.
    public Heads withNorms() {
      return new Heads(
          count, shared, width, queryBias, outputBias, true, windows, rope, rotated, local, scale);
    }

    /// The same with a sliding window at the layers that do not see the whole sequence.
    public Heads sliding(boolean[] whole, int size) {
      int[] sizes =
          IntStream.range(0, whole.length).map(l -> whole[l] ? UNLIMITED : size).toArray();
      return new Heads(
          count, shared, width, queryBias, outputBias, normed, sizes, rope, rotated, local, scale);
    }

    /// The same whose layers with a window rotate otherwise.
    public Heads locally(RopeScaling other) {
      return new Heads(
          count,
          shared,
          width,
          queryBias,
          outputBias,
          normed,
          windows,
          rope,
          rotated,
          other,
          scale);
    }

    /// The same with another factor on the scores.
    public Heads scaled(double factor) {
      return new Heads(
          count,
          shared,
          width,
          queryBias,
          outputBias,
          normed,
          windows,
          rope,
          rotated,
          local,
          factor);
    }

    /// The same, rotated in another way.
    public Heads turning(RopeScaling other) {
      return new Heads(
          count,
          shared,
          width,
          queryBias,
          outputBias,
          normed,
          windows,
          other,
          rotated,
          local,
          scale);
    }

    /// The same of which only the first coordinates are rotated.
    public Heads rotating(int coordinates) {
      return new Heads(
          count,
          shared,
          width,
          queryBias,
          outputBias,
          normed,
          windows,
          rope,
          coordinates,
          local,
          scale);
    }
  }

  /// The feed-forward networks.
  ///
  /// @param inner neurons of a layer
  /// @param bias whether the projections have biases
  /// @param gated whether what enters the activation function is a map of its own, whose value is
  ///   multiplied with another's
  public record FeedForward(int inner, Activation activation, boolean bias, boolean gated) {

    /// Gated ones.
    public FeedForward(int inner, Activation activation, boolean bias) {
      this(inner, activation, bias, true);
    }
  }

  /// The norms.
  ///
  /// @param offset what is added to their weights: 1 for Gemma, else 0
  /// @param kind what they do
  /// @param place where they stand
  public record Norms(double eps, int offset, Kind kind, Place place) {

    /// Norms before attention and feed-forward network.
    public Norms(double eps, int offset, Kind kind) {
      this(eps, offset, kind, Place.BEFORE);
    }

    /// Root-mean-square norms there.
    public Norms(double eps, int offset) {
      this(eps, offset, Kind.RMS);
    }

    /// Where the norms of a layer stand.
    public enum Place {
      /// Before attention and feed-forward network.
      BEFORE,
      /// Before them, and behind them on what they give, before it is added to the stream (Gemma
      /// 3).
      AROUND,
      /// After them, on the sum with the stream (BERT, BLIP).
      AFTER
    }

    /// Whether what attention and feed-forward network give goes through a norm before it is added
    /// to the stream.
    public boolean behind() {
      return place == Place.AROUND;
    }

    /// Whether the stream itself goes through a norm after each addition.
    public boolean after() {
      return place == Place.AFTER;
    }

    /// What norms do.
    public enum Kind {
      /// Divide by the root mean square.
      RMS,
      /// Centre, divide by the standard deviation, and have weight and bias (OPT).
      LAYER,
      /// The same without weight and bias.
      LAYER_WITHOUT_WEIGHTS
    }
  }

  /// Token embeddings and unembedding.
  ///
  /// @param scale factor on token embeddings: sqrt(width) for Gemma, else 1
  /// @param tied whether the unembedding is the embedding, where the checkpoint does not store both
  /// @param narrow width of the stored embedding, where a projection widens it to the stream and
  ///   another narrows the stream before the unembedding; 0 where it is as wide as the stream
  /// @param positions learned positions, which are added to what enters the first layer; null
  ///   without
  /// @param kinds texts that are told apart by an embedding of their own (BERT); 0 = none
  /// @param entry width of what is summed, where a map widens it to the stream after that norm, and
  ///   the transform before the words narrows the stream to it (ELECTRA, ALBERT); 0 = no such map
  /// @param answers how the model answers
  public record Embedding(
      double scale,
      boolean tied,
      int narrow,
      @Nullable Learned positions,
      int kinds,
      int entry,
      Answers answers) {

    /// One text, as wide as the stream, answered in words.
    public Embedding(double scale, boolean tied, int narrow, @Nullable Learned positions) {
      this(scale, tied, narrow, positions, 0, 0, Answers.WORDS);
    }

    /// As wide as the stream, without learned positions.
    public Embedding(double scale, boolean tied) {
      this(scale, tied, 0, null);
    }

    /// The same whose unembedding is the embedding.
    public Embedding asTied() {
      return new Embedding(scale, true, narrow, positions, kinds, entry, answers);
    }
  }

  /// How a model answers.
  public enum Answers {
    /// With words of its vocabulary: a score for each at every position.
    WORDS,
    /// With a piece of what it reads: at every position a score that the answer begins there, and
    /// one that it ends there.
    SPANS
  }

  /// A table of positions.
  ///
  /// @param rows stored rows
  /// @param offset row of the first position
  public record Learned(int rows, int offset) {}

  /// How the model answers.
  public Answers answers() {
    return embedding.answers;
  }

  /// Scores that the model gives at a position.
  public int scores() {
    return switch (embedding.answers) {
      case WORDS -> vocabulary;
      case SPANS -> 2;
    };
  }

  /// What the model chooses its answer from in a sequence of some length: words, or pieces of it.
  public long choices(int length) {
    return switch (embedding.answers) {
      case WORDS -> vocabulary;
      case SPANS -> (long) length * length;
    };
  }

  /// Width of the vectors at a place whose last dimension is that of the stream.
  public int width(Point point) {
    return embedding.entry > 0 && (point.embeds() || point.afterLayers()) ? embedding.entry : width;
  }

  /// Sizes of the layers.
  public StackShape shape() {
    return new StackShape(
        layers,
        width,
        feedForward.inner,
        new StackShape.Heads(attention.count, attention.shared, attention.width, attention.scale));
  }

  /// Neurons of a feed-forward layer.
  public int inner() {
    return feedForward.inner;
  }

  /// Query heads.
  public int heads() {
    return attention.count;
  }

  /// Heads of keys and values.
  public int keyHeads() {
    return attention.shared;
  }

  /// Width of one head.
  public int headWidth() {
    return attention.width;
  }

  /// Epsilon of the norms.
  public double normEps() {
    return norms.eps;
  }

  /// Factor on token embeddings.
  public double embeddingScale() {
    return embedding.scale;
  }

  /// The function of the feed-forward networks.
  public Activation activation() {
    return feedForward.activation;
  }

  /// Per layer how many positions back a row sees, its own included.
  public int[] windows() {
    return attention.windows;
  }

  /// The same with another attention.
  public TextConfig with(Heads other) {
    return new TextConfig(
        family, vocabulary, width, layers, maxPositions, other, feedForward, norms, embedding);
  }

  /// The same with other feed-forward networks.
  public TextConfig with(FeedForward other) {
    return new TextConfig(
        family, vocabulary, width, layers, maxPositions, attention, other, norms, embedding);
  }

  /// The same with other norms.
  public TextConfig with(Norms other) {
    return new TextConfig(
        family, vocabulary, width, layers, maxPositions, attention, feedForward, other, embedding);
  }

  /// The same with another embedding.
  public TextConfig with(Embedding other) {
    return new TextConfig(
        family, vocabulary, width, layers, maxPositions, attention, feedForward, norms, other);
  }
}
