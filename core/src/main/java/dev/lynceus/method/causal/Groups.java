package dev.lynceus.method.causal;

import dev.lynceus.method.Shuffled;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Which prompts of two sets belong together: those about the same pictures, and those that are a
/// pair. What belongs together is held out together.
///
/// @param ofSome the group of every prompt of the one set
/// @param ofOthers the same of the other
/// @param count groups
// Compared by nobody: it is made and used within one measurement.
@SuppressWarnings("ArrayRecordComponent")
record Groups(int[] ofSome, int[] ofOthers, int count) {
  static Groups of(
      List<ReadingVector.Sample> some, List<ReadingVector.Sample> others, ReadingVector.By by) {
    int n = some.size();
    List<ReadingVector.Sample> all = new ArrayList<>(some);
    all.addAll(others);
    int[] root = IntStream.range(0, all.size()).toArray();
    Map<String, Integer> first = new HashMap<>();
    for (int i = 0; i < root.length; i++) {
      String about = all.get(i).about();
      if (!about.isEmpty()) {
        join(root, i, first.computeIfAbsent(about, key -> firstOf(all, key)));
      }
      if (by == ReadingVector.By.PRINCIPAL && i >= n) {
        join(root, i, i - n);
      }
    }
    int[] roots = IntStream.range(0, root.length).map(i -> root(root, i)).toArray();
    int[] names = IntStream.of(roots).distinct().toArray();
    Map<Integer, Integer> number = new HashMap<>();
    IntStream.range(0, names.length).forEach(i -> number.put(names[i], i));
    int[] groups = IntStream.of(roots).map(one -> number.getOrDefault(one, 0)).toArray();
    return new Groups(
        IntStream.range(0, n).map(i -> groups[i]).toArray(),
        IntStream.range(n, groups.length).map(i -> groups[i]).toArray(),
        names.length);
  }

  private static int firstOf(List<ReadingVector.Sample> all, String about) {
    return IntStream.range(0, all.size())
        .filter(i -> all.get(i).about().equals(about))
        .findFirst()
        .orElseThrow();
  }

  private static int root(int[] root, int i) {
    int at = i;
    while (root[at] != at) {
      at = root[at];
    }
    return at;
  }

  private static void join(int[] root, int one, int other) {
    root[root(root, one)] = root(root, other);
  }

  /// The fold of every group, as many of each as can be.
  int[] folds(int folds, SplittableRandom random) {
    int[] order = Shuffled.order(count, random);
    int[] fold = new int[count];
    for (int i = 0; i < count; i++) {
      fold[order[i]] = i % folds;
    }
    return fold;
  }

  /// Prompts of the one set inside or outside of a fold.
  int[] some(int[] fold, int held, boolean inside) {
    return within(ofSome, fold, held, inside);
  }

  /// Those of the other.
  int[] others(int[] fold, int held, boolean inside) {
    return within(ofOthers, fold, held, inside);
  }

  private static int[] within(int[] groups, int[] fold, int held, boolean inside) {
    return IntStream.range(0, groups.length)
        .filter(i -> (fold[groups[i]] == held) == inside)
        .toArray();
  }
}
