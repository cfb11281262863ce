package dev.lynceus.method.cleann;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A partial ancestral graph over ordered variables: edges with a mark at each end, and for pairs
/// that were separated what separated them. `a *-> b` says that `b` causes no `a`; `a -> b` that
/// `a` causes `b`; `a <-> b` that something hidden causes both; a circle that the end is not known.
public final class PartialGraph {

  /// What an edge has at an end.
  public enum Mark {
    CIRCLE,
    ARROW,
    TAIL
  }

  /// An edge, from the earlier variable to the later one.
  ///
  /// @param atFrom mark at the earlier variable
  /// @param atTo mark at the later variable
  public record Edge(int from, int to, Mark atFrom, Mark atTo) {}

  private final @Nullable Mark[][] marks;
  private final int[][] @Nullable [] separators;

  /// The complete graph: every earlier variable may cause every later one, never the other way.
  public PartialGraph(int size) {
    marks = new Mark[size][size];
    separators = new int[size][size][];
    for (int a = 0; a < size; a++) {
      for (int b = a + 1; b < size; b++) {
        marks[a][b] = Mark.ARROW;
        marks[b][a] = Mark.CIRCLE;
      }
    }
  }

  /// Number of variables.
  public int size() {
    return marks.length;
  }

  /// Whether there is an edge.
  public boolean adjacent(int a, int b) {
    return marks[a][b] != null;
  }

  /// Whether the edge between `a` and `b` has this mark at `b`.
  public boolean has(int a, int b, Mark atB) {
    return marks[a][b] == atB;
  }

  /// Changes the mark at `b` of the edge between `a` and `b`; whether it was another.
  boolean set(int a, int b, Mark atB) {
    boolean changed = marks[a][b] != atB;
    marks[a][b] = atB;
    return changed;
  }

  /// Removes an edge.
  ///
  /// @param given what makes the two independent
  void separate(int a, int b, int... given) {
    marks[a][b] = null;
    marks[b][a] = null;
    separators[a][b] = given;
    separators[b][a] = given;
  }

  /// Whether a variable is among those that separated two.
  boolean separates(int variable, int a, int b) {
    int[] given = separators[a][b];
    return given != null && IntStream.of(given).anyMatch(v -> v == variable);
  }

  /// Forgets all directions but those of the order.
  void reset() {
    for (Edge edge : edges()) {
      marks[edge.from()][edge.to()] = Mark.ARROW;
      marks[edge.to()][edge.from()] = Mark.CIRCLE;
    }
  }

  /// Neighbours, ascending.
  public int[] neighbours(int a) {
    return IntStream.range(0, size()).filter(b -> adjacent(a, b)).toArray();
  }

  /// All edges.
  public List<Edge> edges() {
    List<Edge> edges = new ArrayList<>();
    for (int a = 0; a < size(); a++) {
      for (int b = a + 1; b < size(); b++) {
        Mark atTo = marks[a][b];
        Mark atFrom = marks[b][a];
        if (atTo != null && atFrom != null) {
          edges.add(new Edge(a, b, atFrom, atTo));
        }
      }
    }
    return edges;
  }

  /// Whether `a -> b`.
  boolean parent(int a, int b) {
    return has(a, b, Mark.ARROW) && has(b, a, Mark.TAIL);
  }

  /// Whether `a` may be a parent of `b`: adjacent, no arrow at `a`, no tail at `b`.
  boolean possibleParent(int a, int b) {
    return adjacent(a, b) && !has(b, a, Mark.ARROW) && !has(a, b, Mark.TAIL);
  }

  /// Whether a chain of possible parents leads from `a` to `b`.
  boolean possibleAncestor(int a, int b) {
    boolean[] seen = new boolean[size()];
    Deque<Integer> open = new ArrayDeque<>(List.of(a));
    seen[a] = true;
    while (!open.isEmpty()) {
      int at = open.pop();
      if (at == b) {
        return true;
      }
      for (int next = 0; next < size(); next++) {
        if (!seen[next] && possibleParent(at, next)) {
          seen[next] = true;
          open.push(next);
        }
      }
    }
    return false;
  }
}
