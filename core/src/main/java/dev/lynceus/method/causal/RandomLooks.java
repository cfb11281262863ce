package dev.lynceus.method.causal;

import dev.lynceus.model.Attends;
import dev.lynceus.run.Run;
import dev.lynceus.tap.Indices;
import dev.lynceus.tap.Intervention;
import dev.lynceus.tap.Op;
import dev.lynceus.tap.Point;
import dev.lynceus.tap.Positions;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// Looks that are drawn at random beside an edge: as many, of any position at any that it may look
/// at, beside itself and beside those of the edge.
///
/// @param length positions of the prompt
/// @param causal whether a position looks only at those before it
/// @param edge looks that are not drawn, as `row * length + column`
record RandomLooks(int length, boolean causal, Set<Long> edge) {

  /// @param targets rows of the edge
  /// @param sources its columns
  static RandomLooks of(Run run, int[] targets, int[] sources) {
    int length = run.batch().length();
    boolean causal = run.model().model().attends() != Attends.ALL;
    Set<Long> edge = new HashSet<>();
    for (int row : targets) {
      for (int column : sources) {
        if (causal ? column < row : column != row) {
          edge.add((long) row * length + column);
        }
      }
    }
    return new RandomLooks(length, causal, edge);
  }

  private long all() {
    long square = (long) length * (length - 1);
    return causal ? square / 2 : square;
  }

  /// As many looks as the edge has, or all others where there are fewer: for each row what it does
  /// not see.
  Map<Integer, Positions> drawn(SplittableRandom random) {
    long others = all() - edge.size();
    Set<Long> drawn = new HashSet<>();
    if (others <= edge.size()) {
      for (int row = 0; row < length; row++) {
        for (int column = 0; column < (causal ? row : length); column++) {
          add(drawn, row, column);
        }
      }
    } else {
      while (drawn.size() < edge.size()) {
        int row = random.nextInt(length);
        int column = random.nextInt(length);
        // Of both orders one is a look, so that all looks are as likely.
        add(drawn, causal ? Math.max(row, column) : row, causal ? Math.min(row, column) : column);
      }
    }
    Map<Integer, Set<Integer>> rows = new TreeMap<>();
    drawn.forEach(look ->
        rows.computeIfAbsent((int) (look / length), row -> new HashSet<>())
            .add((int) (look % length)));
    Map<Integer, Positions> looks = new TreeMap<>();
    rows.forEach((row, columns) ->
        looks.put(
            row, Positions.of(columns.stream().mapToInt(Integer::intValue).sorted().toArray())));
    return looks;
  }

  private void add(Set<Long> drawn, int row, int column) {
    long look = (long) row * length + column;
    if (row != column && !edge.contains(look)) {
      drawn.add(look);
    }
  }

  /// The changes that take looks away.
  static List<Intervention> blocked(Map<Integer, Positions> looks, Indices layers, Indices heads) {
    return looks.entrySet().stream()
        .map(look ->
            new Intervention(
                Point.ATTN_SCORES,
                layers,
                heads,
                Positions.of(look.getKey()),
                new Op.Mask(look.getValue())))
        .toList();
  }
}
