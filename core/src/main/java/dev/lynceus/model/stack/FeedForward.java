package dev.lynceus.model.stack;

import dev.lynceus.nn.Activation;
import dev.lynceus.nn.Linear;
import org.jspecify.annotations.Nullable;

/// A feed-forward network: `down(f(up x))`, or `down(f(gate x) * up x)` with a gate.
public record FeedForward(@Nullable Linear gate, Linear up, Linear down, Activation activation) {

  /// The map that enters the activation function.
  public Linear first() {
    return gate == null ? up : gate;
  }
}
