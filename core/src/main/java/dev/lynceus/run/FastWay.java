package dev.lynceus.run;

import dev.lynceus.tensor.DType;
import dev.lynceus.tensor.NativeMemory;
import dev.lynceus.tensor.Processor;
import dev.lynceus.tensor.file.Checkpoint;
import dev.lynceus.tensor.file.TensorInfo;
import dev.lynceus.tensor.file.WidenedWeights;
import java.util.Locale;

/// How a checkpoint is computed with where speed is asked for: what was measured fastest for
/// weights of its type on a processor of this kind, see `docs/reference/performance.md`. The same
/// files on the same machine give the same way, as long as their room in memory is not in doubt.
///
/// @param compute type of the arithmetic
/// @param weights what becomes of the weights
/// @param bytes of memory that widened weights would take
record FastWay(DType compute, Kept weights, long bytes) {

  /// What becomes of the weights.
  enum Kept {
    /// They stay as they are stored.
    STORED,
    /// Those of 16 bits are widened to float32 once, and kept so.
    WIDENED,
    /// They would be widened, but for want of memory.
    NO_ROOM
  }

  /// Share of the memory that is free which widened weights may take.
  private static final int SHARE = 2;

  /// The way of a checkpoint on this machine.
  static FastWay of(Checkpoint checkpoint) {
    long bfloat16 =
        checkpoint.names().stream()
            .map(checkpoint::info)
            .filter(info -> info.dtype() == DType.BFLOAT16)
            .mapToLong(TensorInfo::elements)
            .sum();
    return of(
        WidenedWeights.bytes(checkpoint),
        2 * bfloat16 > checkpoint.parameters(),
        Processor.multipliesBfloat16(),
        NativeMemory.available());
  }

  /// @param wide bytes of the weights of 16 bits in float32
  /// @param bfloat16 whether most weights are bfloat16
  /// @param instructions whether the processor multiplies bfloat16 numbers
  /// @param available bytes of memory that are free
  static FastWay of(long wide, boolean bfloat16, boolean instructions, long available) {
    if (bfloat16 && instructions) {
      return new FastWay(DType.BFLOAT16, Kept.STORED, wide);
    }
    if (wide == 0) {
      return new FastWay(DType.FLOAT32, Kept.STORED, wide);
    }
    return new FastWay(
        DType.FLOAT32, wide <= available / SHARE ? Kept.WIDENED : Kept.NO_ROOM, wide);
  }

  /// What was chosen, and how far numbers move by it: one sentence.
  String note() {
    String chosen = "fast: computed in " + compute;
    return switch (weights) {
      case STORED ->
          compute == DType.FLOAT32
              ? chosen + ", which is fastest for these weights; numbers do not move"
              : chosen
                  + ", which this processor multiplies fastest; numbers move by rounding every"
                  + " product to 8 bits (a 256th), which --dtype auto avoids";
      case WIDENED ->
          chosen
              + ", weights of 16 bits widened once (%s); numbers move by rounding of float32 alone"
                  .formatted(gibibytes());
      case NO_ROOM ->
          chosen
              + ", weights as they are stored: widened they would need %s, more than half of the free memory; numbers do not move"
                  .formatted(gibibytes());
    };
  }

  private String gibibytes() {
    return String.format(Locale.ROOT, "%.2f GiB", bytes / (double) (1L << 30));
  }
}
