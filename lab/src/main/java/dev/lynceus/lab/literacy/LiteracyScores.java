package dev.lynceus.lab.literacy;

import dev.lynceus.method.score.Estimate;
import dev.lynceus.method.score.Share;
import java.util.List;

/// Scores of some items.
///
/// @param of what they have in common
/// @param items how many
/// @param right mean share of right answers, each item over its orders, with its 95 % interval
/// @param chance what guessing gives: mean of 1/options
/// @param omitted mean share of answers that pass over
/// @param corrected sum over items of +1 for right, −1/(options − 1) for wrong and 0 for passed
///   over: 0 for guessing, `items` for all right
/// @param correctedMean the same by the number of items, with its interval by bootstrap over items
public record LiteracyScores(
    String of,
    int items,
    Estimate right,
    double chance,
    Estimate omitted,
    double corrected,
    Estimate correctedMean) {

  /// Scores of some answers, at least one.
  public static LiteracyScores of(String name, List<Taken> taken) {
    double[] corrected = taken.stream().mapToDouble(Taken::corrected).toArray();
    return new LiteracyScores(
        name,
        taken.size(),
        around(taken.stream().mapToDouble(Taken::right).toArray()),
        taken.stream().mapToDouble(one -> one.item().chance()).average().orElse(Double.NaN),
        around(taken.stream().mapToDouble(Taken::omitted).toArray()),
        java.util.Arrays.stream(corrected).sum(),
        Estimate.mean(corrected));
  }

  /// The mean of some shares, and the interval of a rate of so many cases.
  static Estimate around(double... shares) {
    double mean = java.util.Arrays.stream(shares).average().orElse(Double.NaN);
    return shares.length == 0
        ? new Estimate(Double.NaN, Double.NaN, Double.NaN, 0)
        : Share.around(mean, shares.length);
  }

  /// Whether the whole interval is above chance.
  public boolean aboveChance() {
    return right.low() > chance;
  }
}
