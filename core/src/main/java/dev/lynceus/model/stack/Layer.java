package dev.lynceus.model.stack;

import dev.lynceus.nn.Norm;
import org.jspecify.annotations.Nullable;

/// Weights of one layer; [Block] computes with them.
///
/// @param attentionNorm before the attention, or after it where norms come after
/// @param cross attention over what left an earlier stack; null where there is none
/// @param feedForwardNorm before the feed-forward network, or after it
/// @param words what rows of words take in the place of norm and feed-forward network, where those
///   are for queries alone (Q-Former); null where all rows take the same
/// @param behind norms of what the two give, before it is added to the stream; null without
public record Layer(
    Norm attentionNorm,
    Projections attention,
    @Nullable Cross cross,
    Norm feedForwardNorm,
    FeedForward feedForward,
    @Nullable Words words,
    @Nullable Behind behind) {

  /// A layer that reads its own stack only, and adds what attention and feed-forward network give
  /// as it is.
  public Layer(
      Norm attentionNorm, Projections attention, Norm feedForwardNorm, FeedForward feedForward) {
    this(attentionNorm, attention, feedForwardNorm, feedForward, null);
  }

  /// A layer that reads its own stack only.
  public Layer(
      Norm attentionNorm,
      Projections attention,
      Norm feedForwardNorm,
      FeedForward feedForward,
      @Nullable Behind behind) {
    this(attentionNorm, attention, null, feedForwardNorm, feedForward, null, behind);
  }

  /// The cross-attention of a layer: its keys and values are made from the memory.
  ///
  /// @param norm before it, or after it where norms come after
  public record Cross(Norm norm, Projections attention) {}

  /// The second half of a layer for rows of words.
  public record Words(Norm norm, FeedForward feedForward) {}

  /// Norms of what a layer adds to the stream (Gemma 3). With the scale that it had, such a norm is
  /// linear: what a part of the attention, or of the network, adds is the part divided by that
  /// scale, times the weight.
  public record Behind(Norm.Rms attention, Norm.Rms feedForward) {}
}
