package dev.lynceus.method.score;

import dev.lynceus.method.Spoken;

/// How often something was so, with its 95 % interval after Wilson (1927), which also holds for few
/// cases and for shares near 0 and 1.
///
/// @param hits how often
/// @param of cases; 0 where there were none, and then the share is NaN
/// @param share hits by cases, 0 to 1
/// @param low lower end of the interval
/// @param high upper end
public record Share(int hits, int of, double share, double low, double high) {
  /// Quantile of the normal distribution for 95 %.
  private static final double Z = 1.959963984540054;

  /// So many of so many.
  public static Share of(int hits, int of) {
    if (of == 0) {
      return new Share(0, 0, Double.NaN, Double.NaN, Double.NaN);
    }
    Estimate around = around(hits / (double) of, of);
    return new Share(hits, of, around.value(), around.low(), around.high());
  }

  /// The interval around a rate that need not be a whole number of cases by their number.
  ///
  /// @param p the rate, 0 to 1
  /// @param of independent cases, 1 or more
  public static Estimate around(double p, int of) {
    double shrink = 1 + Z * Z / of;
    double middle = (p + Z * Z / (2.0 * of)) / shrink;
    double half = Z / shrink * Math.sqrt(p * (1 - p) / of + Z * Z / (4.0 * of * of));
    // At the ends the formula gives 0 and 1, but for rounding.
    return new Estimate(p, p == 0 ? 0 : middle - half, p == 1 ? 1 : middle + half, of);
  }

  /// As tables show it, for example `0.984 [0.976, 0.989]`.
  public String text() {
    return of == 0 ? "" : plain(share) + " [" + plain(low) + ", " + plain(high) + "]";
  }

  /// A share as tables show it, for example `0.984`; empty where there is none.
  public static String plain(double value) {
    return Double.isNaN(value) ? "" : Spoken.number(value);
  }
}
