package dev.lynceus.method.attention;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/// How a map of patches is spread out: in one place, in several, or everywhere.
///
/// @param spread mean of the map divided by its largest value, from `1 / patches` (one patch has
///   all) to 1 (all alike); it tells how diffuse a map is, not how much attention there is (the
///   strip of LVLM-Interpret, arXiv 2404.03118)
/// @param entropy spatial entropy in nats (arXiv 2503.06287): of what each patch has above twice
///   the mean, the entropy of its shares among 8-connected regions; 0 for one region; infinite
///   where no patch has more than twice the mean
/// @param regions number of those regions
public record MapShape(double spread, double entropy, int regions) {

  /// A picture's map, or the map of one of its tiles.
  ///
  /// @param values row by row, none negative
  public record Grid(double[] values, int rows, int columns) {}

  /// The shape of one map that may lie on several pictures or tiles.
  public static MapShape of(List<Grid> grids) {
    double[] all = grids.stream().flatMapToDouble(grid -> Arrays.stream(grid.values)).toArray();
    double mean = Arrays.stream(all).average().orElse(0);
    double largest = Arrays.stream(all).max().orElse(0);
    List<Double> masses = new ArrayList<>();
    for (Grid grid : grids) {
      regions(grid, 2 * mean, masses);
    }
    double total = masses.stream().mapToDouble(m -> m).sum();
    double entropy = masses.isEmpty() ? Double.POSITIVE_INFINITY : 0;
    for (double mass : masses) {
      entropy -= mass / total * Math.log(mass / total);
    }
    return new MapShape(largest == 0 ? 1 : mean / largest, entropy, masses.size());
  }

  /// Adds what each region of patches above a threshold has above it.
  private static void regions(Grid grid, double threshold, List<Double> masses) {
    boolean[] seen = new boolean[grid.values.length];
    for (int start = 0; start < seen.length; start++) {
      if (seen[start] || grid.values[start] <= threshold) {
        continue;
      }
      double mass = 0;
      Deque<Integer> open = new ArrayDeque<>(List.of(start));
      seen[start] = true;
      while (!open.isEmpty()) {
        int cell = open.pop();
        mass += grid.values[cell] - threshold;
        int row = cell / grid.columns;
        int column = cell % grid.columns;
        for (int r = Math.max(0, row - 1); r <= Math.min(grid.rows - 1, row + 1); r++) {
          for (int c = Math.max(0, column - 1); c <= Math.min(grid.columns - 1, column + 1); c++) {
            int near = r * grid.columns + c;
            if (!seen[near] && grid.values[near] > threshold) {
              seen[near] = true;
              open.push(near);
            }
          }
        }
      }
      masses.add(mass);
    }
  }
}
