package dev.lynceus.model;

import dev.lynceus.tap.Stack;
import dev.lynceus.tap.Tap;
import dev.lynceus.tensor.Tensor;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;

/// What left the stacks before the one that answers, in the order of the flow. A run keeps it; a
/// replay takes from it what its changes cannot have reached, and passes only the rest again.
///
/// What is kept of a stack is what its last layer gave, before anything that comes after the
/// layers.
public final class Flow implements AutoCloseable {
  private final Map<Stack, Tensor> kept;
  private final Map<Stack, Tensor> passed = new EnumMap<>(Stack.class);
  private boolean renewed;

  private Flow(Map<Stack, Tensor> kept) {
    this.kept = kept;
  }

  /// A flow of which nothing is known yet.
  public static Flow fresh() {
    return new Flow(Map.of());
  }

  /// A flow that may take what this one passed.
  public Flow again() {
    return new Flow(passed);
  }

  /// What left a stack: known already if neither the stack nor one before it has to be passed.
  ///
  /// @param tap of the pass, which tells what is seen or changed
  /// @param pass passes the stack
  public Tensor through(Stack stack, Tap tap, Supplier<Tensor> pass) {
    Tensor known = kept.get(stack);
    if (known != null && !renewed && !tap.enters(stack)) {
      passed.put(stack, known);
      renewed = tap.leaves(stack);
      return known;
    }
    renewed = true;
    Tensor left = pass.get();
    passed.put(stack, left);
    return left;
  }

  /// Takes what left the stacks out of the scope that is open: it lives until this is closed,
  /// whatever becomes of the flow that it was taken from.
  public Flow own() {
    if (!renewed) {
      kept.forEach(passed::putIfAbsent);
    }
    passed.values().forEach(Tensor::own);
    return this;
  }

  @Override
  public void close() {
    passed.values().forEach(Tensor::close);
    passed.clear();
  }
}
