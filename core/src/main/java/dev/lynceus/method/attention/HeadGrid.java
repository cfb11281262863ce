package dev.lynceus.method.attention;

import java.util.Arrays;

/// How much of every head's attention goes to a zone, `[layers][heads]`.
///
/// @param zone what is attended to, for example `image`
/// @param positions how many positions it has
/// @param mass share of the row's attention that the zone gets, from 0 to 1
/// @param mean the same for one position: `mass / positions`, as LVLM-Interpret (arXiv 2404.03118)
///   draws it; 0 for a zone without positions
public record HeadGrid(String zone, int positions, double[][] mass, double[][] mean) {

  static HeadGrid of(String zone, int positions, double[][] mass) {
    double[][] mean =
        Arrays.stream(mass)
            .map(row -> Arrays.stream(row).map(v -> positions == 0 ? 0 : v / positions).toArray())
            .toArray(double[][]::new);
    return new HeadGrid(zone, positions, mass, mean);
  }

  /// Mean mass over all layers and heads.
  public double average() {
    return Arrays.stream(mass).flatMapToDouble(Arrays::stream).average().orElse(0);
  }
}
