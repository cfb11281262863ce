package dev.lynceus.lab.picture;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.util.Locale;

/// Digits, letters and a few signs as five by seven squares each, so that labels are the same bytes
/// on every machine, whatever fonts it has.
public final class Glyphs {
  /// Squares across, the gap after it not counted.
  static final int WIDE = 5;

  /// Squares down.
  public static final int HIGH = 7;

  private static final String SIGNS = "0123456789abcdefghijklmnopqrstuvwxyz(),.-:%° ";

  // spotless:off: one line of five bits for each row of squares
  private static final int[][] ROWS = {
    {14, 17, 19, 21, 25, 17, 14}, {4, 12, 4, 4, 4, 4, 14}, {14, 17, 1, 2, 4, 8, 31}, {31, 2, 4, 2, 1, 17, 14},
    {2, 6, 10, 18, 31, 2, 2}, {31, 16, 30, 1, 1, 17, 14}, {6, 8, 16, 30, 17, 17, 14}, {31, 1, 2, 4, 8, 8, 8},
    {14, 17, 17, 14, 17, 17, 14}, {14, 17, 17, 15, 1, 2, 12},
    {0, 0, 14, 1, 15, 17, 15}, {16, 16, 30, 17, 17, 17, 30}, {0, 0, 14, 16, 16, 17, 14}, {1, 1, 15, 17, 17, 17, 15},
    {0, 0, 14, 17, 31, 16, 14}, {6, 9, 8, 28, 8, 8, 8}, {0, 15, 17, 17, 15, 1, 14}, {16, 16, 30, 17, 17, 17, 17},
    {4, 0, 12, 4, 4, 4, 14}, {2, 0, 6, 2, 2, 18, 12}, {16, 16, 18, 20, 24, 20, 18}, {12, 4, 4, 4, 4, 4, 14},
    {0, 0, 26, 21, 21, 21, 21}, {0, 0, 30, 17, 17, 17, 17}, {0, 0, 14, 17, 17, 17, 14}, {0, 0, 30, 17, 30, 16, 16},
    {0, 0, 15, 17, 15, 1, 1}, {0, 0, 22, 25, 16, 16, 16}, {0, 0, 15, 16, 14, 1, 30}, {8, 8, 28, 8, 8, 9, 6},
    {0, 0, 17, 17, 17, 19, 13}, {0, 0, 17, 17, 17, 10, 4}, {0, 0, 17, 17, 21, 21, 10}, {0, 0, 17, 10, 4, 10, 17},
    {0, 0, 17, 17, 15, 1, 14}, {0, 0, 31, 2, 4, 8, 31},
    {2, 4, 8, 8, 8, 4, 2}, {8, 4, 2, 2, 2, 4, 8}, {0, 0, 0, 0, 4, 4, 8}, {0, 0, 0, 0, 0, 4, 4}, {0, 0, 0, 14, 0, 0, 0},
    {0, 4, 4, 0, 4, 4, 0}, {24, 25, 2, 4, 8, 19, 3}, {12, 18, 12, 0, 0, 0, 0}, {0, 0, 0, 0, 0, 0, 0}
  };
  // spotless:on

  private Glyphs() {}

  /// Width of a text of that height, without a gap after it.
  public static double width(String text, double height) {
    return (text.length() * (WIDE + 1.0) - 1) * height / HIGH;
  }

  /// Writes a text.
  ///
  /// @param left edge of the first letter
  /// @param top edge of all
  public static void write(
      Canvas canvas, String text, double left, double top, double height, Rgb ink, double alpha) {
    int[] signs = signs(text);
    double square = height / HIGH;
    Region.Box around =
        new Region.Box(left, top, left + Math.max(0, width(text, height)), top + height);
    canvas.paint(
        (x, y) -> {
          int column = (int) Math.floor((x - left) / square);
          int row = (int) Math.floor((y - top) / square);
          int letter = Math.floorDiv(column, WIDE + 1);
          int within = Math.floorMod(column, WIDE + 1);
          return row >= 0
              && row < HIGH
              && letter >= 0
              && letter < signs.length
              && within < WIDE
              && (ROWS[signs[letter]][row] >> WIDE - 1 - within & 1) == 1;
        },
        around,
        ink,
        alpha);
  }

  private static int[] signs(String text) {
    String small = text.toLowerCase(Locale.ROOT);
    int[] signs = small.chars().map(SIGNS::indexOf).toArray();
    for (int i = 0; i < signs.length; i++) {
      if (signs[i] < 0) {
        throw new LynceusException(
            ErrorCode.BAD_REQUEST,
            "a label has the sign '" + small.charAt(i) + "', which is not drawn",
            "Use digits, letters a to z and ( ) , . - : % °.");
      }
    }
    return signs;
  }
}
