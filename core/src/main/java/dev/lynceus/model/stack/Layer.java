package dev.lynceus.model.stack;

import dev.lynceus.nn.Norm;
import org.jspecify.annotations.Nullable;

/// Weights of one layer; [Block] computes with them.
///
/// @param attentionNorm before the attention, or after it where norms come after
/// @param feedForwardNorm before the feed-forward network, or after it
/// @param behind norms of what the two give, before it is added to the stream; null without
public record Layer(
    Norm attentionNorm,
    Projections attention,
    Norm feedForwardNorm,
    FeedForward feedForward,
    @Nullable Behind behind) {

  /// A layer that adds what attention and feed-forward network give as it is.
  public Layer(
      Norm attentionNorm, Projections attention, Norm feedForwardNorm, FeedForward feedForward) {
    this(attentionNorm, attention, feedForwardNorm, feedForward, null);
  }

  /// Norms of what a layer adds to the stream (Gemma 3). With the scale that it had, such a norm is
  /// linear: what a part of the attention, or of the network, adds is the part divided by that
  /// scale, times the weight.
  public record Behind(Norm.Rms attention, Norm.Rms feedForward) {}
}
