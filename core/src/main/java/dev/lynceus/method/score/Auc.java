package dev.lynceus.method.score;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Area under the receiver operating characteristic: how often a score is larger for a case of the
/// one kind than for one of the other, ties counted half. 0.5 is chance, 1 tells them apart always,
/// 0 always the wrong way round.
public final class Auc {
  private Auc() {}

  /// A score and the kind that its case is of.
  ///
  /// @param good whether the score should be large
  public record Case(double score, boolean good) {}

  /// The area alone; NaN where one of the kinds is missing.
  public static double value(List<Case> cases) {
    Sorted known = sorted(cases);
    return area(known.scores, known.good, IntStream.range(0, known.good.length).toArray());
  }

  /// The area with its 95 % interval by bootstrap; cases without a score (NaN) are left out. NaN
  /// where one of the kinds is missing.
  public static Estimate of(List<Case> cases) {
    Sorted known = sorted(cases);
    return Estimate.of(known.good.length, picked -> area(known.scores, known.good, picked));
  }

  /// Cases with a score, by it.
  // Plain numbers; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  private record Sorted(double[] scores, boolean[] good) {}

  private static Sorted sorted(List<Case> cases) {
    List<Case> known =
        cases.stream()
            .filter(one -> !Double.isNaN(one.score()))
            .sorted(Comparator.comparingDouble(Case::score))
            .toList();
    boolean[] good = new boolean[known.size()];
    for (int i = 0; i < good.length; i++) {
      good[i] = known.get(i).good();
    }
    return new Sorted(known.stream().mapToDouble(Case::score).toArray(), good);
  }

  /// @param scores ascending
  /// @param picked members, each any number of times
  private static double area(double[] scores, boolean[] good, int[] picked) {
    int[] times = new int[scores.length];
    IntStream.of(picked).forEach(i -> times[i]++);
    double below = 0;
    double pairs = 0;
    double all = 0;
    for (int start = 0; start < scores.length; ) {
      int end = start;
      double bad = 0;
      double fine = 0;
      while (end < scores.length && scores[end] == scores[start]) {
        if (good[end]) {
          fine += times[end];
        } else {
          bad += times[end];
        }
        end++;
      }
      pairs += fine * (below + bad / 2);
      below += bad;
      all += fine;
      start = end;
    }
    return below == 0 || all == 0 ? Double.NaN : pairs / (below * all);
  }

  /// The value that parts the two kinds best: halfway between two neighbouring scores, so that the
  /// mean of the two shares that fall on their own side is largest, among the values that no more
  /// than a share of the good cases fall below. NaN where one kind is missing.
  ///
  /// @param missed that share; 1 for any
  public static double threshold(List<Case> cases, double missed) {
    List<Case> known =
        cases.stream()
            .filter(one -> !Double.isNaN(one.score()))
            .sorted(Comparator.comparingDouble(Case::score))
            .toList();
    double good = known.stream().filter(Case::good).count();
    double bad = known.size() - good;
    if (good == 0 || bad == 0) {
      return Double.NaN;
    }
    double above = good;
    double below = 0;
    double best = Double.NEGATIVE_INFINITY;
    double value = known.getFirst().score();
    double spared = good * (1 - missed);
    for (int i = 0; i + 1 < known.size(); i++) {
      if (known.get(i).good()) {
        above--;
      } else {
        below++;
      }
      double here = above / good + below / bad;
      if (known.get(i + 1).score() > known.get(i).score() && here > best && above >= spared) {
        best = here;
        value = (known.get(i).score() + known.get(i + 1).score()) / 2;
      }
    }
    return value;
  }
}
