package dev.lynceus.method.cleann;

import java.util.BitSet;
import java.util.List;
import java.util.function.BooleanSupplier;

/// Learns a partial ancestral graph of ordered variables by iterative causal discovery (Rohekar and
/// others, arXiv 2111.04095): with growing sets of conditions, taken from ever deeper
/// possible-d-separation trees, edges between independent variables are removed, and after each
/// size the edges are directed anew. A later variable causes no earlier one; there is no selection
/// bias.
///
/// @param most largest set of conditions
/// @param sets most sets that are tried for one pair and size
public record OrderedIcd(int most, int sets) {

  /// Sets of up to three conditions.
  public static final OrderedIcd DEFAULT = new OrderedIcd(3, 2000);

  /// Learns.
  ///
  /// @param test of independence, over all variables in their order
  public PartialGraph learn(PartialCorrelation test) {
    return learn(test, () -> false);
  }

  /// Learns until it is done or stopped.
  ///
  /// @param stopped asked before each variable; what is learned so far is kept
  public PartialGraph learn(PartialCorrelation test, BooleanSupplier stopped) {
    PartialGraph graph = new PartialGraph(test.size());
    for (int size = 0; size <= most; size++) {
      boolean tried = false;
      for (int b = 1; b < graph.size() && !stopped.getAsBoolean(); b++) {
        tried |= separated(graph, test, b, size);
      }
      new Orientation(graph).orient();
      if (!tried) {
        break;
      }
    }
    new Orientation(graph).tails();
    return graph;
  }

  /// Removes edges of a variable to earlier ones; whether there was a set to try.
  private boolean separated(PartialGraph graph, PartialCorrelation test, int b, int size) {
    PdsTree tree = size < 2 ? null : new PdsTree(graph, b, size, b);
    boolean tried = false;
    for (int a = 0; a < b; a++) {
      if (!graph.adjacent(a, b)) {
        continue;
      }
      List<int[]> conditions =
          switch (size) {
            case 0 -> List.of(new int[0]);
            case 1 -> neighbours(graph, a, b);
            default ->
                java.util.Objects.requireNonNull(tree).sets(size, allowed(graph, a, b), sets);
          };
      for (int[] given : conditions) {
        tried = true;
        if (test.independent(a, b, given)) {
          graph.separate(a, b, given);
          break;
        }
      }
    }
    return tried;
  }

  private static List<int[]> neighbours(PartialGraph graph, int a, int b) {
    return java.util.stream.IntStream.of(graph.neighbours(b))
        .filter(n -> n < b && n != a)
        .mapToObj(n -> new int[] {n})
        .toList();
  }

  /// Earlier variables that may be ancestors of one of the two.
  private static BitSet allowed(PartialGraph graph, int a, int b) {
    BitSet allowed = new BitSet();
    for (int v = 0; v < b; v++) {
      if (v != a && (graph.possibleAncestor(v, a) || graph.possibleAncestor(v, b))) {
        allowed.set(v);
      }
    }
    return allowed;
  }
}
