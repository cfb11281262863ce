package dev.lynceus.method.evidence;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;

/// The part of a picture that a map points at, and other parts of the same shape to compare it
/// with.
public final class MapRegion {
  /// Patches of a region reach this part of the largest value.
  private static final double PART = .5;

  private MapRegion() {}

  /// The patches around the strongest one, itself included, that hang together with it over their
  /// edges and corners and have at least half its value.
  ///
  /// @param map row by row
  /// @return which patches; none where nothing is above zero
  public static boolean[] of(double[] map, int rows, int columns) {
    boolean[] inside = new boolean[map.length];
    int best = IntStream.range(0, map.length).reduce((a, b) -> map[b] > map[a] ? b : a).orElse(-1);
    if (best < 0 || !(map[best] > 0)) {
      return inside;
    }
    Deque<Integer> open = new ArrayDeque<>(List.of(best));
    inside[best] = true;
    while (!open.isEmpty()) {
      int patch = open.pop();
      for (int down = -1; down <= 1; down++) {
        for (int right = -1; right <= 1; right++) {
          int row = patch / columns + down;
          int column = patch % columns + right;
          int next = row * columns + column;
          if (row >= 0
              && row < rows
              && column >= 0
              && column < columns
              && !inside[next]
              && map[next] >= PART * map[best]) {
            inside[next] = true;
            open.push(next);
          }
        }
      }
    }
    return inside;
  }

  /// The region with the ring of patches around it: what belongs to a thing rarely ends where a map
  /// falls below its half.
  public static boolean[] ringed(boolean[] region, int rows, int columns) {
    boolean[] larger = region.clone();
    for (int patch = 0; patch < region.length; patch++) {
      for (int down = -1; region[patch] && down <= 1; down++) {
        for (int right = -1; right <= 1; right++) {
          int row = patch / columns + down;
          int column = patch % columns + right;
          if (row >= 0 && row < rows && column >= 0 && column < columns) {
            larger[row * columns + column] = true;
          }
        }
      }
    }
    return larger;
  }

  /// Regions of the same shape elsewhere: shifted so far that no patch is shared, spread evenly
  /// over all that fit.
  ///
  /// @param most how many at most
  /// @return none where nothing fits
  public static List<boolean[]> elsewhere(boolean[] region, int rows, int columns, int most) {
    List<boolean[]> all = new ArrayList<>();
    for (int down = -rows + 1; down < rows; down++) {
      for (int right = -columns + 1; right < columns; right++) {
        boolean[] moved = moved(region, rows, columns, down, right);
        if (moved.length > 0) {
          all.add(moved);
        }
      }
    }
    int count = Math.min(most, all.size());
    return IntStream.range(0, count)
        .mapToObj(i -> all.get((int) ((i + .5) * all.size() / count)))
        .toList();
  }

  /// Empty if the moved region leaves the picture or meets itself.
  private static boolean[] moved(boolean[] region, int rows, int columns, int down, int right) {
    boolean[] moved = new boolean[region.length];
    boolean any = false;
    for (int patch = 0; patch < region.length; patch++) {
      if (!region[patch]) {
        continue;
      }
      int row = patch / columns + down;
      int column = patch % columns + right;
      if (row < 0 || row >= rows || column < 0 || column >= columns) {
        return new boolean[0];
      }
      int next = row * columns + column;
      if (region[next]) {
        return new boolean[0];
      }
      moved[next] = true;
      any = true;
    }
    return any ? moved : new boolean[0];
  }
}
