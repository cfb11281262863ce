package dev.lynceus.method.map;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/// Largest flow through layers of nodes, by Dinic's method: from a node of the first layer to one
/// of the last, along edges that each lead one layer up and carry no more than their capacity.
final class MaxFlow {
  private static final double NOTHING = 1e-12;

  private final double[][] capacities;
  private final int width;
  private double[][] up = new double[0][];
  private double[][] down = new double[0][];
  private final int[] level;
  private final int[] next;

  /// @param capacities for each layer of edges `[to * width + from]`
  /// @param width nodes of each layer
  MaxFlow(double[][] capacities, int width) {
    this.capacities = capacities;
    this.width = width;
    this.level = new int[(capacities.length + 1) * width];
    this.next = new int[level.length];
  }

  /// The largest flow.
  ///
  /// @param source node of the first layer
  /// @param sink node of the last
  double between(int source, int sink) {
    up = new double[capacities.length][];
    down = new double[capacities.length][];
    for (int l = 0; l < capacities.length; l++) {
      up[l] = capacities[l].clone();
      down[l] = new double[capacities[l].length];
    }
    int end = capacities.length * width + sink;
    double flow = 0;
    while (reaches(source, end)) {
      Arrays.fill(next, 0);
      double more = push(source, end, Double.POSITIVE_INFINITY);
      while (more > NOTHING) {
        flow += more;
        more = push(source, end, Double.POSITIVE_INFINITY);
      }
    }
    return flow;
  }

  /// Distances from the source over edges that still carry something.
  private boolean reaches(int source, int end) {
    Arrays.fill(level, -1);
    level[source] = 0;
    Deque<Integer> waiting = new ArrayDeque<>();
    waiting.add(source);
    while (!waiting.isEmpty()) {
      int node = waiting.remove();
      for (int edge = 0; edge < 2 * width; edge++) {
        int other = other(node, edge);
        if (other >= 0 && level[other] < 0 && left(node, edge) > NOTHING) {
          level[other] = level[node] + 1;
          waiting.add(other);
        }
      }
    }
    return level[end] >= 0;
  }

  private double push(int node, int end, double most) {
    if (node == end) {
      return most;
    }
    for (; next[node] < 2 * width; next[node]++) {
      int edge = next[node];
      int other = other(node, edge);
      if (other < 0 || level[other] != level[node] + 1) {
        continue;
      }
      double room = left(node, edge);
      if (room > NOTHING) {
        double pushed = push(other, end, Math.min(most, room));
        if (pushed > NOTHING) {
          add(node, edge, pushed);
          return pushed;
        }
      }
    }
    return 0;
  }

  /// The node that an edge leads to: the first `width` edges go up, the others back down; -1 where
  /// there is no layer.
  private int other(int node, int edge) {
    int layer = node / width;
    if (edge < width) {
      return layer < capacities.length ? (layer + 1) * width + edge : -1;
    }
    return layer > 0 ? (layer - 1) * width + edge - width : -1;
  }

  private double left(int node, int edge) {
    int layer = node / width;
    int at = node % width;
    return edge < width ? up[layer][edge * width + at] : down[layer - 1][at * width + edge - width];
  }

  private void add(int node, int edge, double flow) {
    int layer = node / width;
    int at = node % width;
    if (edge < width) {
      up[layer][edge * width + at] -= flow;
      down[layer][edge * width + at] += flow;
    } else {
      down[layer - 1][at * width + edge - width] -= flow;
      up[layer - 1][at * width + edge - width] += flow;
    }
  }
}
