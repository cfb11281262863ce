package dev.lynceus.method.score;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// A method compared with another one on the same items.
///
/// @param method compared
/// @param against the other
/// @param measure what was measured, for example `hit`
/// @param difference mean of the method's value less the other's, with its 95 % interval by
///   bootstrap over items
/// @param p two-sided, by random exchange of the two values of items: how often a mean difference
///   as large comes by chance alone
/// @param holm the same, corrected for all methods that are compared on this measure (Holm 1979)
public record Paired(
    String method, String against, String measure, Estimate difference, double p, double holm) {
  private static final int DRAWS = 4999;

  /// One method's values.
  ///
  /// @param values one for each item, in the same order for all methods; NaN where not measured
  // Plain numbers; nothing compares these records.
  @SuppressWarnings("ArrayRecordComponent")
  public record Values(String method, double[] values) {}

  /// Compares methods with one of them.
  public static List<Paired> of(String measure, Values against, List<Values> methods) {
    List<Paired> found = new ArrayList<>();
    for (Values one : methods) {
      double[] differences =
          IntStream.range(0, one.values().length)
              .mapToDouble(i -> one.values()[i] - against.values()[i])
              .filter(Double::isFinite)
              .toArray();
      if (differences.length > 0) {
        found.add(
            new Paired(
                one.method(),
                against.method(),
                measure,
                Estimate.mean(differences),
                chance(differences),
                Double.NaN));
      }
    }
    return holm(found);
  }

  /// Part of random signs under which the sum is as large, the signs at hand counted too.
  private static double chance(double[] differences) {
    SplittableRandom random = new SplittableRandom(95);
    double sum =
        Math.abs(IntStream.range(0, differences.length).mapToDouble(i -> differences[i]).sum());
    int asLarge = 1;
    for (int draw = 0; draw < DRAWS; draw++) {
      double drawn = 0;
      long bits = 0;
      for (int i = 0; i < differences.length; i++) {
        bits = i % 64 == 0 ? random.nextLong() : bits >>> 1;
        drawn += (bits & 1) == 0 ? differences[i] : -differences[i];
      }
      // Equal sums differ by rounding only.
      asLarge += Math.abs(drawn) >= sum - 1e-12 * (1 + sum) ? 1 : 0;
    }
    return asLarge / (double) (DRAWS + 1);
  }

  private static List<Paired> holm(List<Paired> found) {
    List<Integer> order =
        IntStream.range(0, found.size())
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> found.get(i).p()))
            .toList();
    double[] corrected = new double[found.size()];
    double largest = 0;
    for (int rank = 0; rank < order.size(); rank++) {
      double p = found.get(order.get(rank)).p() * (found.size() - rank);
      largest = Math.min(1, Math.max(largest, p));
      corrected[order.get(rank)] = largest;
    }
    return IntStream.range(0, found.size())
        .mapToObj(i -> {
          Paired one = found.get(i);
          return new Paired(
              one.method, one.against, one.measure, one.difference, one.p, corrected[i]);
        })
        .toList();
  }
}
