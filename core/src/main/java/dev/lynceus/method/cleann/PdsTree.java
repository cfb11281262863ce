package dev.lynceus.method.cleann;

import dev.lynceus.method.cleann.PartialGraph.Mark;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The possible-d-separation tree of a variable: the paths along which something may depend on it.
/// Its neighbours are at depth 1; a path goes on from a node to a neighbour if that neighbour is
/// joined to the node before, or if the node is a collider on the path. Every edge is used once.
final class PdsTree {
  /// An occurrence of a variable.
  ///
  /// @param parent index of the occurrence before it, -1 for the root
  private record Node(int variable, int parent, int depth) {}

  private final List<Node> nodes = new ArrayList<>();
  private final Map<Integer, Integer> distances = new HashMap<>();

  /// @param last the last variable that may occur
  PdsTree(PartialGraph graph, int root, int depth, int last) {
    nodes.add(new Node(root, -1, 0));
    Set<List<Integer>> used = new HashSet<>();
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      if (node.depth == depth) {
        continue;
      }
      for (int next : graph.neighbours(node.variable)) {
        boolean inside = next <= last && next != root;
        if (inside && goesOn(graph, node, next) && used.add(edge(node.variable, next))) {
          nodes.add(new Node(next, i, node.depth + 1));
          distances.putIfAbsent(next, node.depth + 1);
        }
      }
    }
  }

  private static List<Integer> edge(int a, int b) {
    return List.of(Math.min(a, b), Math.max(a, b));
  }

  private boolean goesOn(PartialGraph graph, Node node, int next) {
    if (node.parent < 0) {
      return true;
    }
    int before = nodes.get(node.parent).variable;
    return next != before
        && (graph.adjacent(before, next)
            || graph.has(before, node.variable, Mark.ARROW)
                && graph.has(next, node.variable, Mark.ARROW));
  }

  /// Depth at which each variable first occurs; the root is left out.
  Map<Integer, Integer> distances() {
    return distances;
  }

  /// Sets of that many variables of which each is reached from the root through others of the set,
  /// nearest first by the sum of their depths.
  ///
  /// @param allowed variables that may be members
  /// @param most how many sets are made at most
  List<int[]> sets(int size, BitSet allowed, int most) {
    Set<BitSet> found = new HashSet<>();
    Set<BitSet> level = new HashSet<>();
    level.add(new BitSet());
    for (int s = 0; s < size && found.size() < most; s++) {
      Set<BitSet> next = new HashSet<>();
      for (BitSet set : level) {
        for (int add : open(set, allowed)) {
          if (next.size() < most) {
            BitSet more = (BitSet) set.clone();
            more.set(add);
            next.add(more);
          }
        }
      }
      level = next;
    }
    found.addAll(level);
    return found.stream()
        .map(set -> set.stream().toArray())
        .sorted(Comparator.comparingInt(this::distance).thenComparing(java.util.Arrays::toString))
        .toList();
  }

  private int distance(int[] set) {
    int sum = 0;
    for (int variable : set) {
      sum += distances.getOrDefault(variable, 0);
    }
    return sum;
  }

  /// Variables that are reached through a set.
  private Set<Integer> open(BitSet set, BitSet allowed) {
    Set<Integer> open = new HashSet<>();
    boolean[] reached = new boolean[nodes.size()];
    reached[0] = true;
    for (int i = 1; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      if (reached[node.parent]) {
        if (set.get(node.variable)) {
          reached[i] = true;
        } else if (allowed.get(node.variable)) {
          open.add(node.variable);
        }
      }
    }
    return open;
  }
}
