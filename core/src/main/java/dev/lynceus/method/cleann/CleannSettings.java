package dev.lynceus.method.cleann;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;

/// How a causal graph is learned from attention, and how hard its explanation is tested.
///
/// @param threshold attention of the explained row from which on a position counts
/// @param cap most patches that become nodes
/// @param samples what the correlations count as if they were estimated from
/// @param alpha level of the tests of independence
/// @param learner how conditions are searched
/// @param radius depth of the tree around the explained token
/// @param trials random sets that each explanation set is compared with
/// @param seed of these sets
public record CleannSettings(
    double threshold,
    int cap,
    int samples,
    double alpha,
    OrderedIcd learner,
    int radius,
    int trials,
    long seed) {

  /// The settings of LVLM-Interpret (arXiv 2404.03118), and twenty random sets.
  public static final CleannSettings DEFAULT =
      new CleannSettings(0.005, 50, 128, 1e-5, OrderedIcd.DEFAULT, 3, 20, 0);

  public CleannSettings {
    if (!(threshold >= 0) || cap < 1 || radius < 1 || trials < 1) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "a graph of at most %d patches above %s, radius %d, %d random sets"
              .formatted(cap, threshold, radius, trials),
          "Use a threshold of 0 or more, and at least one patch, step and random set.");
    }
  }
}
