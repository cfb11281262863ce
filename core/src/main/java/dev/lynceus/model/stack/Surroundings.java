package dev.lynceus.model.stack;

import dev.lynceus.nn.Rope;
import dev.lynceus.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// What the rows of a pass see beside themselves, and where they stand.
///
/// @param table rotations of the positions of the pass; null where positions are not rotated
/// @param mask additive, `[batch or 1, 1, pos, source]`; null = nothing to hide
/// @param causal whether, without a mask, each row sees the positions up to its own only
/// @param past earlier keys and values; null where the pass is the whole sequence
public record Surroundings(
    Rope.@Nullable Table table, @Nullable Tensor mask, boolean causal, @Nullable Past past) {

  /// Rows that all see each other, without rotation.
  public static final Surroundings OPEN = new Surroundings(null, null, false, null);
}
