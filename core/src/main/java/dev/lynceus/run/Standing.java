package dev.lynceus.run;

import dev.lynceus.model.Model;
import dev.lynceus.tensor.Tensor;
import java.util.Arrays;

/// Where the positions of a batch stand for the rotary encoding: a number each, or several, such as
/// time, row and column of a patch.
///
/// @param numbers `[coordinate][row][position]`; of padding 0
record Standing(int[][][] numbers) {

  /// Of a batch, answers included.
  static Standing of(Batch batch, Model model) {
    int[][][] numbers = new int[0][][];
    for (int row = 0; row < batch.size(); row++) {
      int[][] own = model.standing(batch.tokens(row));
      if (row == 0) {
        numbers = new int[own.length][batch.size()][];
      }
      for (int axis = 0; axis < own.length; axis++) {
        numbers[axis][row] = own[axis];
      }
    }
    return new Standing(numbers);
  }

  /// With one position more, of a token that was generated: it stands after all before it.
  ///
  /// @param real whether the token of each row is one, and not padding
  Standing next(boolean[] real) {
    int[][][] longer = new int[numbers.length][real.length][];
    for (int row = 0; row < real.length; row++) {
      int after = real[row] ? largest(row) + 1 : 0;
      for (int axis = 0; axis < numbers.length; axis++) {
        int[] own = numbers[axis][row];
        longer[axis][row] = Arrays.copyOf(own, own.length + 1);
        longer[axis][row][own.length] = after;
      }
    }
    return new Standing(longer);
  }

  private int largest(int row) {
    return Arrays.stream(numbers).flatMapToInt(axis -> Arrays.stream(axis[row])).max().orElse(-1);
  }

  /// Positions of a row.
  int length() {
    return numbers[0][0].length;
  }

  /// One more than the largest number of all rows.
  int longest() {
    int longest = 0;
    for (int row = 0; row < numbers[0].length; row++) {
      longest = Math.max(longest, largest(row) + 1);
    }
    return longest;
  }

  /// The numbers of the positions from one on, int64 `[copies * batch, pos]`, with the coordinates
  /// before them where there are several.
  ///
  /// @param copies how many times the batch is repeated
  Tensor from(int start, int copies) {
    int rows = numbers[0].length;
    int length = numbers[0][0].length - start;
    long[] all = new long[numbers.length * copies * rows * length];
    int at = 0;
    for (int[][] axis : numbers) {
      for (int copy = 0; copy < copies; copy++) {
        for (int[] row : axis) {
          for (int p = 0; p < length; p++) {
            all[at++] = row[start + p];
          }
        }
      }
    }
    return numbers.length == 1
        ? Tensor.of(all, (long) copies * rows, length)
        : Tensor.of(all, numbers.length, (long) copies * rows, length);
  }

  /// The numbers of some positions of the first row, with a batch of one.
  Tensor at(int[] positions) {
    long[] all =
        Arrays.stream(numbers)
            .flatMapToLong(axis -> Arrays.stream(positions).mapToLong(p -> axis[0][p]))
            .toArray();
    return numbers.length == 1
        ? Tensor.of(all, 1, positions.length)
        : Tensor.of(all, numbers.length, 1, positions.length);
  }
}
