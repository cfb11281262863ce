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
/// @param segments lengths of parts, one after the other, whose rows see each other and no others;
///   null = all rows are one part. Not together with a mask, `causal` or `past`
/// @param added what is added to the residual stream after the layer, `[batch, pos, width]`; null =
///   nothing
public record Surroundings(
    Rope.@Nullable Table table,
    @Nullable Tensor mask,
    boolean causal,
    @Nullable Past past,
    int @Nullable [] segments,
    @Nullable Tensor added) {

  /// Rows that all see each other, without rotation.
  public static final Surroundings OPEN = new Surroundings(null, null, false, null);

  /// Rows of one part, to which nothing is added.
  public Surroundings(
      Rope.@Nullable Table table, @Nullable Tensor mask, boolean causal, @Nullable Past past) {
    this(table, mask, causal, past, null, null);
  }

  /// Rotated rows of several parts that see nothing of each other.
  public static Surroundings apart(Rope.Table table, int[] segments) {
    return new Surroundings(table, null, false, null, segments, null);
  }

  /// The same with something added after the layer.
  public Surroundings adding(@Nullable Tensor addition) {
    return new Surroundings(table, mask, causal, past, segments, addition);
  }
}
