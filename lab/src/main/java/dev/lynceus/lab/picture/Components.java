package dev.lynceus.lab.picture;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/// The pieces of a mask that hang together.
public final class Components {
  private Components() {}

  /// Which pixels are neighbours.
  public enum Neighbours {
    /// Those that share an edge.
    FOUR,
    /// Those that share an edge or a corner.
    EIGHT
  }

  /// The pieces, the largest first; of equal ones the one whose first pixel comes first.
  ///
  /// @param least pixels that a piece must have
  public static List<Mask> of(Mask mask, Neighbours neighbours, int least) {
    int width = mask.width();
    int[] label = new int[width * mask.height()];
    List<Integer> sizes = new ArrayList<>();
    Deque<Integer> open = new ArrayDeque<>();
    for (int start = 0; start < label.length; start++) {
      if (label[start] != 0 || !mask.has(start % width, start / width)) {
        continue;
      }
      int number = sizes.size() + 1;
      int size = 0;
      label[start] = number;
      open.push(start);
      while (!open.isEmpty()) {
        int at = open.pop();
        size++;
        for (int dy = -1; dy <= 1; dy++) {
          for (int dx = -1; dx <= 1; dx++) {
            boolean edge = dx == 0 || dy == 0;
            int x = at % width + dx;
            int y = at / width + dy;
            if ((edge || neighbours == Neighbours.EIGHT)
                && mask.has(x, y)
                && label[y * width + x] == 0) {
              label[y * width + x] = number;
              open.push(y * width + x);
            }
          }
        }
      }
      sizes.add(size);
    }
    List<Integer> order = new ArrayList<>();
    for (int number = 1; number <= sizes.size(); number++) {
      if (sizes.get(number - 1) >= least) {
        order.add(number);
      }
    }
    order.sort(Comparator.comparing((Integer number) -> -sizes.get(number - 1)));
    return order.stream()
        .map(number -> Mask.where(width, mask.height(), (x, y) -> label[y * width + x] == number))
        .toList();
  }
}
