package dev.lynceus.method.zone;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.method.reader.PassageReading;
import java.util.Optional;
import java.util.stream.IntStream;

/// What is knocked out.
///
/// @param kind how looks are taken away
/// @param rows which rows lose them
/// @param whole what stands for the whole attention of a layer
/// @param window layers that are changed together: those around each layer
/// @param headsOf a layer whose heads are knocked out one by one, too; empty = none
/// @param draws random rows and columns, of the same numbers, beside each pair of zones
/// @param seed of the random draws
/// @param reading how the passage is read
public record ZoneOptions(
    Knockout.Kind kind,
    Knockout.Rows rows,
    Knockout.Whole whole,
    int window,
    Optional<Integer> headsOf,
    int draws,
    long seed,
    PassageReading.Options reading) {

  /// The knock-outs of arXiv 2108.11574, layer by layer, one random draw beside each.
  public static final ZoneOptions DEFAULT =
      new ZoneOptions(
          Knockout.Kind.MASK,
          Knockout.Rows.ZONE,
          Knockout.Whole.CONTEXT,
          1,
          Optional.empty(),
          1,
          0,
          PassageReading.Options.DEFAULT);

  public ZoneOptions {
    if (window < 1 || draws < 0) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "windows of %d layers, %d random draws".formatted(window, draws),
          "Use one layer or more, and no fewer than 0 draws.");
    }
  }

  /// The layers around one, those that there are.
  int[] around(int layer, int layers) {
    int first = Math.max(0, layer - (window - 1) / 2);
    int end = Math.min(layers, layer + window / 2 + 1);
    return IntStream.range(first, end).toArray();
  }
}
