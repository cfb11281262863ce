package dev.lynceus.method.cleann;

import dev.lynceus.method.cleann.PartialGraph.Mark;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Directs the edges of a graph: colliders, then the rules R1 to R4 until nothing changes, then R8
/// to R10 (Zhang, "On the completeness of orientation rules for causal discovery in the presence of
/// latent confounders and selection bias", 2008; R5 to R7 are for selection bias only). Stars stand
/// for any mark.
record Orientation(PartialGraph graph) {

  /// Directs from the order of the variables on.
  void orient() {
    graph.reset();
    colliders();
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int a = 0; a < graph.size(); a++) {
        for (int b : graph.neighbours(a)) {
          changed |= awayFromCollider(a, b);
          changed |= awayFromCycle(a, b);
          changed |= doubleTriangle(a, b);
          changed |= discriminatingPaths(a, b);
        }
      }
    }
  }

  /// Adds the tails that need no selection bias to be known.
  void tails() {
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int a = 0; a < graph.size(); a++) {
        for (int c : graph.neighbours(a)) {
          boolean open = graph.has(c, a, Mark.CIRCLE) && graph.has(a, c, Mark.ARROW);
          if (open && (throughOne(a, c) || alongUncovered(a, c) || fromTwoSides(a, c))) {
            graph.set(c, a, Mark.TAIL);
            changed = true;
          }
        }
      }
    }
  }

  /// `X *-> Z <-* Y` where X and Y are apart and Z did not separate them.
  private void colliders() {
    for (int z = 0; z < graph.size(); z++) {
      int[] around = graph.neighbours(z);
      for (int x : around) {
        for (int y : around) {
          if (x < y && !graph.adjacent(x, y) && !graph.separates(z, x, y)) {
            graph.set(x, z, Mark.ARROW);
            graph.set(y, z, Mark.ARROW);
          }
        }
      }
    }
  }

  /// R1: `A *-> B o-* C`, A and C apart: `B -> C`.
  private boolean awayFromCollider(int a, int b) {
    boolean changed = false;
    if (graph.has(a, b, Mark.ARROW)) {
      for (int c : graph.neighbours(b)) {
        if (c != a && !graph.adjacent(a, c) && graph.has(c, b, Mark.CIRCLE)) {
          graph.set(c, b, Mark.TAIL);
          graph.set(b, c, Mark.ARROW);
          changed = true;
        }
      }
    }
    return changed;
  }

  /// R2: `A -> B *-> C` or `A *-> B -> C`, and `A *-o C`: an arrow at C.
  private boolean awayFromCycle(int a, int b) {
    boolean changed = false;
    for (int c : graph.neighbours(a)) {
      boolean chain =
          graph.parent(a, b) && graph.has(b, c, Mark.ARROW)
              || graph.has(a, b, Mark.ARROW) && graph.parent(b, c);
      if (chain && graph.has(a, c, Mark.CIRCLE)) {
        changed |= graph.set(a, c, Mark.ARROW);
      }
    }
    return changed;
  }

  /// R3: `A *-> B <-* C`, `A *-o D o-* C`, A and C apart, `D *-o B`: an arrow at B of D and B.
  private boolean doubleTriangle(int d, int b) {
    if (!graph.has(d, b, Mark.CIRCLE)) {
      return false;
    }
    int[] around = graph.neighbours(b);
    for (int a : around) {
      for (int c : around) {
        boolean pair = a < c && a != d && c != d && !graph.adjacent(a, c);
        if (pair
            && graph.has(a, b, Mark.ARROW)
            && graph.has(c, b, Mark.ARROW)
            && graph.has(a, d, Mark.CIRCLE)
            && graph.has(c, d, Mark.CIRCLE)) {
          return graph.set(d, b, Mark.ARROW);
        }
      }
    }
    return false;
  }

  /// R4: a discriminating path D ... A, B, C, every node between D and B a collider on it and a
  /// parent of C, D and C apart, `B o-* C`: where B separated D and C, `B -> C`, else `A <-> B <->
  /// C`.
  private boolean discriminatingPaths(int b, int c) {
    if (!graph.has(c, b, Mark.CIRCLE)) {
      return false;
    }
    for (int a : graph.neighbours(b)) {
      if (a == c || !graph.parent(a, c) || !graph.has(b, a, Mark.ARROW)) {
        continue;
      }
      int d = beginning(a, b, c);
      if (d >= 0) {
        if (graph.separates(b, d, c)) {
          graph.set(c, b, Mark.TAIL);
          graph.set(b, c, Mark.ARROW);
        } else {
          graph.set(a, b, Mark.ARROW);
          graph.set(b, a, Mark.ARROW);
          graph.set(b, c, Mark.ARROW);
          graph.set(c, b, Mark.ARROW);
        }
        return true;
      }
    }
    return false;
  }

  /// The first node of a discriminating path that goes through A, or -1.
  private int beginning(int a, int b, int c) {
    boolean[] seen = new boolean[graph.size()];
    seen[a] = true;
    seen[b] = true;
    seen[c] = true;
    Deque<Integer> open = new ArrayDeque<>(List.of(a));
    while (!open.isEmpty()) {
      int at = open.poll();
      for (int before : graph.neighbours(at)) {
        if (seen[before] || !graph.has(before, at, Mark.ARROW)) {
          continue;
        }
        if (!graph.adjacent(before, c)) {
          return before;
        }
        if (graph.parent(before, c) && graph.has(at, before, Mark.ARROW)) {
          seen[before] = true;
          open.add(before);
        }
      }
    }
    return -1;
  }

  /// R8: `A -> B -> C` or `A -o B -> C`, and `A o-> C`.
  private boolean throughOne(int a, int c) {
    for (int b : graph.neighbours(a)) {
      if (b != c
          && graph.has(b, a, Mark.TAIL)
          && !graph.has(a, b, Mark.TAIL)
          && graph.parent(b, c)) {
        return true;
      }
    }
    return false;
  }

  /// R9: an uncovered possibly directed path from A to C whose second node is apart from C.
  private boolean alongUncovered(int a, int c) {
    for (int b : graph.neighbours(a)) {
      if (b != c && !graph.adjacent(b, c) && graph.possibleParent(a, b) && reaches(path(a, b), c)) {
        return true;
      }
    }
    return false;
  }

  /// R10: `B -> C <- D`, uncovered possibly directed paths from A to B and to D whose first nodes
  /// differ and are apart.
  private boolean fromTwoSides(int a, int c) {
    List<Integer> parents = new ArrayList<>();
    for (int p : graph.neighbours(c)) {
      if (p != a && graph.parent(p, c)) {
        parents.add(p);
      }
    }
    for (int b : parents) {
      for (int d : parents) {
        if (b < d && apart(firsts(a, b, c), firsts(a, d, c))) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean apart(List<Integer> some, List<Integer> others) {
    return some.stream()
        .anyMatch(m -> others.stream().anyMatch(w -> !m.equals(w) && !graph.adjacent(m, w)));
  }

  /// First nodes of the uncovered possibly directed paths from A to a goal that avoid C.
  private List<Integer> firsts(int a, int goal, int c) {
    List<Integer> firsts = new ArrayList<>();
    for (int first : graph.neighbours(a)) {
      if (first != c && graph.possibleParent(a, first)) {
        List<Integer> path = path(a, first);
        path.addFirst(c);
        if (first == goal || reaches(path, goal)) {
          firsts.add(first);
        }
      }
    }
    return firsts;
  }

  private static List<Integer> path(int a, int b) {
    return new ArrayList<>(List.of(a, b));
  }

  /// Whether an uncovered possibly directed path can be gone on with to a goal.
  private boolean reaches(List<Integer> path, int goal) {
    int last = path.getLast();
    int before = path.get(path.size() - 2);
    for (int next : graph.neighbours(last)) {
      if (graph.possibleParent(last, next)
          && !graph.adjacent(before, next)
          && !path.contains(next)) {
        if (next == goal) {
          return true;
        }
        path.add(next);
        if (reaches(path, goal)) {
          return true;
        }
        path.removeLast();
      }
    }
    return false;
  }
}
