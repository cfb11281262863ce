package dev.lynceus.model.encoder;

import dev.lynceus.model.stack.StackShape;
import dev.lynceus.nn.Activation;

/// Sizes of a text encoder.
///
/// @param shape of its layers
/// @param memory width of what its cross-attention reads
/// @param vocabulary number of tokens
/// @param positions most tokens of a text
/// @param activation of the feed-forward networks
/// @param normEps added to the variance in norms
public record TextEncoderConfig(
    StackShape shape,
    int memory,
    int vocabulary,
    int positions,
    Activation activation,
    double normEps) {}
