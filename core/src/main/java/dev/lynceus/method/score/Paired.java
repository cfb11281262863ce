package dev.lynceus.method.score;

import java.util.ArrayList;
import java.util.List;
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
                Chance.ofSum(differences),
                Double.NaN));
      }
    }
    return holm(found);
  }

  private static List<Paired> holm(List<Paired> found) {
    double[] corrected = Chance.holm(found.stream().mapToDouble(Paired::p).toArray());
    return IntStream.range(0, found.size())
        .mapToObj(i -> {
          Paired one = found.get(i);
          return new Paired(
              one.method, one.against, one.measure, one.difference, one.p, corrected[i]);
        })
        .toList();
  }
}
