package dev.lynceus.report;

/// The numbers at the two ends of a colour scale.
///
/// @param low value drawn with the first colour
/// @param high value drawn with the last colour
public record ValueRange(double low, double high) {

  /// The range of `values`: from least to greatest, or for signed quantities symmetric about zero,
  /// so that zero gets the middle colour. Values that are not finite are left out; without any the
  /// range is [0, 1].
  public static ValueRange of(boolean signed, double... values) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (double v : values) {
      if (Double.isFinite(v)) {
        low = Math.min(low, v);
        high = Math.max(high, v);
      }
    }
    if (low > high) {
      return new ValueRange(0, 1);
    }
    if (signed) {
      double end = Math.max(Math.abs(low), Math.abs(high));
      return end == 0 ? new ValueRange(-1, 1) : new ValueRange(-end, end);
    }
    return low == high ? new ValueRange(low, low + 1) : new ValueRange(low, high);
  }

  /// The range of a patch map: from zero, so that zero looks like nothing, or symmetric about it.
  ///
  /// @param floor the range reaches at least so far, so that what is next to nothing looks like
  ///   nothing
  public static ValueRange ofMap(boolean signed, double floor, double... values) {
    double end = floor;
    for (double v : values) {
      if (Double.isFinite(v)) {
        end = Math.max(end, signed ? Math.abs(v) : v);
      }
    }
    end = end > 0 ? end : 1;
    return new ValueRange(signed ? -end : 0, end);
  }

  /// Where `value` lies in the range: 0 at [#low()], 1 at [#high()].
  public double fraction(double value) {
    return (value - low) / (high - low);
  }
}
