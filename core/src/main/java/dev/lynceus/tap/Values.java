package dev.lynceus.tap;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;

/// Numbers that an intervention writes: given in place, read from a file, or taken from another
/// run.
public sealed interface Values {

  /// Numbers given in place, row-major; the shape must be broadcastable to the changed region.
  record Inline(float[] numbers, long[] shape) implements Values {
    public Inline {
      long count = 1;
      for (long size : shape) {
        // More than there can be numbers is as wrong as a size below zero.
        count =
            size < 0 || count < 0 || size > Integer.MAX_VALUE || count * size > Integer.MAX_VALUE
                ? -1
                : count * size;
      }
      if (numbers.length == 0) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST, "there are no numbers", "Give at least one.");
      }
      if (count != numbers.length) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "%d numbers do not fill shape %s".formatted(numbers.length, Arrays.toString(shape)),
            "Give as many numbers as the product of the shape, row by row.");
      }
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Inline inline
          && Arrays.equals(numbers, inline.numbers)
          && Arrays.equals(shape, inline.shape);
    }

    @Override
    public int hashCode() {
      return 31 * Arrays.hashCode(numbers) + Arrays.hashCode(shape);
    }
  }

  /// A tensor of a safetensors file, for example an exported capture of another run.
  record Stored(Path file, String tensor) implements Values {}

  /// A tensor in memory, for example what another run captured. It must stay open for the run.
  record Live(Tensor tensor) implements Values {}

  /// Numbers of one vector.
  static Values of(float... numbers) {
    return new Inline(numbers, new long[] {numbers.length});
  }

  /// A tensor in memory.
  static Values of(Tensor tensor) {
    return new Live(tensor);
  }
}
