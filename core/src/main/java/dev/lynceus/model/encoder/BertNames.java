package dev.lynceus.model.encoder;

import dev.lynceus.model.stack.FeedForward;
import dev.lynceus.model.stack.Projections;
import dev.lynceus.nn.Activation;
import dev.lynceus.nn.Linear;
import dev.lynceus.nn.Norm;
import dev.lynceus.tensor.file.Weights;

/// Takes parts of a layer by the names that BERT gave them, and its many descendants after it.
///
/// @param w the view that holds the layer
/// @param width of the residual stream
/// @param normEps added to the variance in its norms
public record BertNames(Weights w, int width, double normEps) {

  /// An attention.
  ///
  /// @param name where it stands
  /// @param inner what its queries, keys and values stand below: `self` in BERT
  /// @param source width of what keys and values are made from
  /// @throws dev.lynceus.error.LynceusException BAD_CHECKPOINT if a tensor is absent or has another
  ///   shape
  public Projections attention(String name, String inner, int source) {
    String reads = name + "." + inner;
    return new Projections(
        linear(reads + ".query", width, width),
        linear(reads + ".key", width, source),
        linear(reads + ".value", width, source),
        linear(name + ".output.dense", width, width),
        null);
  }

  /// An attention over its own stack whose queries, keys and values have no biases.
  ///
  /// @throws dev.lynceus.error.LynceusException BAD_CHECKPOINT if a tensor is absent or has another
  ///   shape
  public Projections unbiased(String name, String inner, int source) {
    String reads = name + "." + inner;
    return new Projections(
        new Linear(w.get(reads + ".query.weight", width, width).own(), null),
        new Linear(w.get(reads + ".key.weight", width, source).own(), null),
        new Linear(w.get(reads + ".value.weight", width, source).own(), null),
        linear(name + ".output.dense", width, width),
        null);
  }

  /// A feed-forward network.
  ///
  /// @param up name of its first half
  /// @param down name of its second half
  /// @throws dev.lynceus.error.LynceusException BAD_CHECKPOINT if a tensor is absent or has another
  ///   shape
  public FeedForward network(String up, String down, int inner, Activation activation) {
    return new FeedForward(
        null,
        linear(up + ".dense", inner, width),
        linear(down + ".dense", width, inner),
        activation);
  }

  /// A norm; its weight and bias were first called gamma and beta.
  ///
  /// @throws dev.lynceus.error.LynceusException BAD_CHECKPOINT if a tensor is absent or has another
  ///   shape
  public Norm.Layer norm(String name) {
    boolean first = !w.has(name + ".weight") && w.has(name + ".gamma");
    return new Norm.Layer(
        w.get(name + (first ? ".gamma" : ".weight"), width).own(),
        w.get(name + (first ? ".beta" : ".bias"), width).own(),
        normEps);
  }

  /// A map with a bias.
  ///
  /// @throws dev.lynceus.error.LynceusException BAD_CHECKPOINT if a tensor is absent or has another
  ///   shape
  public Linear linear(String name, int out, int in) {
    return Linear.read(w, name, out, in);
  }
}
