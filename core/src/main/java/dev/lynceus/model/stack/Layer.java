package dev.lynceus.model.stack;

import dev.lynceus.nn.Norm;

/// Weights of one layer; [Block] computes with them.
///
/// @param attentionNorm before the attention, or after it where norms come after
/// @param feedForwardNorm before the feed-forward network, or after it
public record Layer(
    Norm attentionNorm, Projections attention, Norm feedForwardNorm, FeedForward feedForward) {}
