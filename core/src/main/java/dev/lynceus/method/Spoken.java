package dev.lynceus.method;

import java.util.Locale;

/// Numbers and places as sentences say them, in one place for all of them.
public final class Spoken {
  private Spoken() {}

  /// A probability or a share, for example `100 %`, `6.3 %`, `under 0.1 %`.
  ///
  /// @param share 0 to 1
  public static String percent(double share) {
    double percent = 100 * share;
    if (percent < .1) {
      return percent > 0 ? "under 0.1 %" : "0 %";
    }
    if (percent >= 99.95) {
      return "100 %";
    }
    return String.format(
        Locale.ROOT, percent < 10 || percent > 99 ? "%.1f %%" : "%.0f %%", percent);
  }

  /// A difference of log probabilities with its sign, for example `+2.83 nats`.
  public static String nats(double value) {
    return String.format(Locale.ROOT, "%+.2f nats", value);
  }

  /// A patch by its place, for example `row 3, column 7`.
  ///
  /// @param patch row-major number
  public static String patch(int patch, int columns) {
    return "row " + patch / columns + ", column " + patch % columns;
  }

  /// A part of a picture in words, for example `upper left`, by the thirds that its middle lies in.
  ///
  /// @param patches row-major numbers, at least one
  public static String place(int[] patches, int rows, int columns) {
    double down = 0;
    double right = 0;
    for (int patch : patches) {
      int row = patch / columns;
      down += (row + .5) / rows / patches.length;
      right += (patch % columns + .5) / columns / patches.length;
    }
    String vertical = down < 1 / 3. ? "upper" : down > 2 / 3. ? "lower" : "middle";
    String horizontal = right < 1 / 3. ? "left" : right > 2 / 3. ? "right" : "middle";
    return vertical.equals(horizontal) ? "middle" : vertical + " " + horizontal;
  }
}
