package dev.lynceus.method.probe;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;

/// How states are probed.
///
/// @param positions whose mean state is read, as [dev.lynceus.tap.Positions#parse(String)] has them
/// @param folds parts of the pictures, each of which is tried once by a probe of the others
/// @param directions which are taken out
/// @param rounds of [Directions#PROBE]: how often a probe is fitted to what is left, and its
///   directions are taken out too (INLP, arXiv 2004.07667)
/// @param draws random subspaces beside the probe's
/// @param penalty of the squared weights, a case
/// @param seed of folds, shuffled labels and random subspaces
public record ProbeSettings(
    String positions,
    int folds,
    Directions directions,
    int rounds,
    int draws,
    double penalty,
    long seed) {

  /// Directions of a label.
  public enum Directions {
    /// What the labels' mean states differ by. Without it the means are one, so that no linear
    /// probe of the states it was found on can read the label (arXiv 2306.03819).
    MEANS,
    /// The weights of a probe. Others may read as well.
    PROBE
  }

  /// Five folds, the directions of means, three random subspaces, at the last position.
  public static final ProbeSettings DEFAULT =
      new ProbeSettings("last", 5, Directions.MEANS, 1, 3, LinearProbe.PENALTY, 0);

  public ProbeSettings {
    if (folds < 2 || rounds < 1 || draws < 0 || !(penalty > 0) || Double.isInfinite(penalty)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "%d folds, %d rounds, %d random subspaces, a penalty of %s"
              .formatted(folds, rounds, draws, penalty),
          "Use two folds or more, a round or more, no fewer than 0 subspaces, a penalty above 0.");
    }
  }
}
