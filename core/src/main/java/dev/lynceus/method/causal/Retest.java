package dev.lynceus.method.causal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;

/// Which estimated cells are patched, and what came of it. A cell that is both strong and drawn is
/// patched once.
///
/// @param strongest places of the strongest, `{row, column}`
/// @param drawn places of the random ones
record Retest(
    double[][] estimates, Optional<double[][]> dropped, List<int[]> strongest, List<int[]> drawn) {

  /// The two lists of cells that were patched.
  record Found(AttributionMap.Tested strongest, AttributionMap.Tested sample) {}

  static Retest of(
      double[][] estimates, Optional<double[][]> dropped, int strongest, int sample, long seed) {
    List<int[]> ranking = AttributionMap.ranking(dropped.orElse(estimates));
    List<int[]> left =
        new ArrayList<>(AttributionMap.ranking(new double[estimates.length][estimates[0].length]));
    SplittableRandom random = new SplittableRandom(seed);
    List<int[]> drawn = new ArrayList<>();
    while (drawn.size() < sample && !left.isEmpty()) {
      // The last takes the place of what was drawn, so that a draw costs the same among many.
      int at = random.nextInt(left.size());
      drawn.add(left.get(at));
      int[] last = left.removeLast();
      if (at < left.size()) {
        left.set(at, last);
      }
    }
    return new Retest(
        estimates, dropped, ranking.subList(0, Math.min(strongest, ranking.size())), drawn);
  }

  /// Patches.
  ///
  /// @param patched measures cells by their places
  /// @param base the metric of the unchanged run
  Found measured(
      Function<List<int[]>, List<Measures>> patched, double base, Measures.Metric metric) {
    Map<Long, int[]> places = new LinkedHashMap<>();
    strongest.forEach(at -> places.put(key(at), at));
    drawn.forEach(at -> places.put(key(at), at));
    List<int[]> all = List.copyOf(places.values());
    List<Measures> measures = patched.apply(all);
    Map<Long, AttributionMap.Cell> cells = new LinkedHashMap<>();
    for (int i = 0; i < all.size(); i++) {
      int[] at = all.get(i);
      cells.put(
          key(at),
          new AttributionMap.Cell(
              at[0],
              at[1],
              estimates[at[0]][at[1]],
              dropped.map(sizes -> sizes[at[0]][at[1]]),
              measures.get(i).of(metric) - base));
    }
    return new Found(tested(strongest, cells), tested(drawn, cells));
  }

  private static AttributionMap.Tested tested(
      List<int[]> places, Map<Long, AttributionMap.Cell> cells) {
    return AttributionMap.Tested.of(places.stream().map(at -> cells.get(key(at))).toList());
  }

  private static long key(int[] at) {
    return ((long) at[0] << 32) | at[1];
  }
}
