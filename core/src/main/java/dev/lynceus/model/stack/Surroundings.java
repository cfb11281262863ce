package dev.lynceus.model.stack;

import dev.lynceus.nn.Rope;
import dev.lynceus.tensor.Tensor;
import dev.lynceus.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
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
/// @param memory what cross-attention reads; null where there is none
public record Surroundings(
    Rope.@Nullable Table table,
    @Nullable Tensor mask,
    boolean causal,
    @Nullable Past past,
    int @Nullable [] segments,
    @Nullable Tensor added,
    @Nullable Memory memory) {

  /// Rows that all see each other, without rotation.
  public static final Surroundings OPEN = new Surroundings(null, null, false, null);

  /// Rows of one part that reads no other stack, to which nothing is added.
  public Surroundings(
      Rope.@Nullable Table table, @Nullable Tensor mask, boolean causal, @Nullable Past past) {
    this(table, mask, causal, past, null, null, null);
  }

  /// Rotated rows of several parts that see nothing of each other.
  public static Surroundings apart(Rope.Table table, int[] segments) {
    return new Surroundings(table, null, false, null, segments, null, null);
  }

  /// The same with something added after the layer.
  public Surroundings adding(@Nullable Tensor addition) {
    return new Surroundings(table, mask, causal, past, segments, addition, memory);
  }

  /// The same with a memory.
  public Surroundings reading(Memory read) {
    return new Surroundings(table, mask, causal, past, segments, added, read);
  }

  /// What left an earlier stack, for cross-attention.
  ///
  /// @param states `[batch or 1, memory, its width]`
  /// @param mask additive, `[batch or 1, 1, 1, memory]`; null = nothing to hide
  /// @param readers how many of the first rows read it; the others pass by
  public record Memory(Tensor states, @Nullable Tensor mask, int readers) {

    /// One that every row reads.
    public Memory(Tensor states, @Nullable Tensor mask) {
      this(states, mask, Integer.MAX_VALUE);
    }

    /// Several of the same sizes, one after the other along the batch.
    public static Memory cat(List<Memory> all) {
      List<Tensor> masks = new ArrayList<>();
      for (Memory one : all) {
        if (one.mask != null) {
          masks.add(one.mask);
        }
      }
      return new Memory(
          Torch.cat(all.stream().map(Memory::states).toList(), 0),
          masks.isEmpty() ? null : Torch.cat(masks, 0),
          all.getFirst().readers);
    }

    /// What it is made of.
    public List<Tensor> all() {
      return mask == null ? List.of(states) : List.of(states, mask);
    }
  }
}
