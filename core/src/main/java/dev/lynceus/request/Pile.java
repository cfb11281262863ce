package dev.lynceus.request;

import dev.lynceus.tap.Stack;

/// A pile of layers with heads, as a request names it.
public enum Pile {
  /// What answers.
  DECODER(Stack.DECODER),
  /// What sees.
  VISION(Stack.VISION),
  /// Queries that read what was seen (BLIP-2).
  QFORMER(Stack.QFORMER),
  /// What reads the question before the decoder answers (BLIP).
  ENCODER(Stack.ENCODER);

  private final Stack stack;

  Pile(Stack stack) {
    this.stack = stack;
  }

  Stack stack() {
    return stack;
  }
}
