package dev.lynceus.method.zone;

import dev.lynceus.model.Attends;
import dev.lynceus.run.Run;
import dev.lynceus.tap.TokenMap;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Which positions of a run can look at which.
///
/// @param window how many positions back a layer sees, its own included
record Looks(Attends attends, TokenMap tokens, int window) {

  /// Those of layers that see the whole sequence.
  static Looks of(Run run) {
    return of(run, Integer.MAX_VALUE);
  }

  static Looks of(Run run, int window) {
    return new Looks(run.model().model().attends(), run.tokens(), window);
  }

  /// Whether a position sees another, itself included.
  boolean sees(int row, int column) {
    if (column <= row && row - column < window) {
      return true;
    }
    return switch (attends) {
      case CAUSAL -> false;
      case ALL -> true;
      // A row sees what its own part of the sequence holds, whatever the window.
      case PREFIX -> !answers(row) && !answers(column);
      case PICTURES -> {
        TokenMap.Spot one = tokens.spots().get(row);
        TokenMap.Spot other = tokens.spots().get(column);
        yield one.role() == TokenMap.Role.IMAGE
            && other.role() == TokenMap.Role.IMAGE
            && one.image() == other.image();
      }
    };
  }

  private boolean answers(int position) {
    return tokens.spots().get(position).role() == TokenMap.Role.ANSWER;
  }

  /// How many looks there are from some rows to some columns.
  long count(int[] rows, int[] columns) {
    return IntStream.of(rows)
        .mapToLong(row -> IntStream.of(columns).filter(column -> sees(row, column)).count())
        .sum();
  }

  /// Those of some rows that see nothing but some columns.
  int[] blind(int[] rows, boolean[] gone) {
    return IntStream.of(rows)
        .filter(row -> IntStream.range(0, gone.length).noneMatch(c -> !gone[c] && sees(row, c)))
        .toArray();
  }

  /// Some positions, drawn without putting back; all where there are no more. Ascending.
  static int[] drawn(int[] all, int count, SplittableRandom random) {
    int[] left = all.clone();
    int most = Math.min(count, left.length);
    for (int i = 0; i < most; i++) {
      int j = i + random.nextInt(left.length - i);
      int swapped = left[i];
      left[i] = left[j];
      left[j] = swapped;
    }
    int[] drawn = Arrays.copyOf(left, most);
    Arrays.sort(drawn);
    return drawn;
  }
}
