package dev.lynceus.method;

import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Numbers and places as terminal, pages and notes say them, in one place for all of them; what the
/// words mean stands in [Term].
///
/// Shares and probabilities are percentages; other numbers have three decimals in tables and two in
/// sentences. Nothing is said to be minus zero.
public final class Spoken {
  /// The state that enters the first layer.
  public static final String EMBEDDING = "embedding";

  private static final Pattern PATCH =
      Pattern.compile(
          "image\\[(\\d+)](?:\\.tile\\[(\\d+)])?\\.row\\[(\\d+)](?:\\.col\\[(\\d+)]|\\.break)");

  private static final Pattern NEGATIVE_ZERO = Pattern.compile("[-+](0(?:\\.0*)?)(?![\\d.])");

  private Spoken() {}

  /// A probability or a share, for example `100 %`, `6.3 %`, `under 0.1 %`.
  ///
  /// @param share 0 to 1
  public static String percent(double share) {
    double percent = 100 * share;
    if (Double.isNaN(percent)) {
      return "–";
    }
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
    return odds(value) + " nats";
  }

  /// Log odds as sentences tell them, for example `-6.10`.
  public static String odds(double value) {
    return zero(String.format(Locale.ROOT, "%+.2f", value));
  }

  /// A number as tables show it, for example `0.875`; `–` where there is none.
  public static String number(double value) {
    return Double.isFinite(value) ? zero(String.format(Locale.ROOT, "%.3f", value)) : "–";
  }

  /// A change as tables show it, with its sign, for example `+0.875`; what rounds to nothing is
  /// `0.000`.
  public static String signed(double value) {
    return Double.isFinite(value) ? zero(String.format(Locale.ROOT, "%+.3f", value)) : "–";
  }

  /// Zero has no sign.
  private static String zero(String text) {
    Matcher zero = NEGATIVE_ZERO.matcher(text);
    return zero.matches() ? zero.group(1) : text;
  }

  /// A patch by its place, for example `row 3, column 7`.
  ///
  /// @param patch row-major number
  public static String patch(int patch, int columns) {
    return "row " + patch / columns + ", column " + patch % columns;
  }

  /// The label of a position as a reader is told it: `image[0].row[3].col[7]` is `row 3, column 7`,
  /// of a second picture `picture 2, row 3, column 7`. Other labels stay: they are what
  /// `--positions` takes.
  public static String label(String label) {
    return PATCH.matcher(label).replaceAll(found -> Matcher.quoteReplacement(place(found)));
  }

  private static String place(MatchResult found) {
    int image = Integer.parseInt(found.group(1));
    String where =
        (image > 0 ? "picture " + (image + 1) + ", " : "")
            + (found.group(2) == null ? "" : "tile " + found.group(2) + ", ");
    return found.group(4) == null
        ? where + "line break after row " + found.group(3)
        : where + "row " + found.group(3) + ", column " + found.group(4);
  }

  /// A head, for example `head 1.2`: the one with number 2 in layer 1. Options take it like this.
  public static String head(int layer, int head) {
    return "head " + layer + "." + head;
  }

  /// A depth of the stream, for example `after layer 2`.
  ///
  /// @param depth how many layers are behind it; 0 is the embedding
  public static String depth(int depth) {
    return depth == 0 ? EMBEDDING : "after layer " + (depth - 1);
  }

  /// A cell of a grid in words.
  ///
  /// @param rowAxis what the rows are; empty where there is one for all
  /// @param columnAxis what the columns are
  public static String cell(String rowAxis, String row, String columnAxis, String column) {
    if (rowAxis.equals("layer") && columnAxis.equals("head")) {
      return "head " + row + "." + column;
    }
    if (rowAxis.equals("head") && columnAxis.equals("layer")) {
      return "head " + column + "." + row;
    }
    if (columnAxis.equals("part")) {
      return column.equals("layer") ? "layer " + row : column + " of layer " + row;
    }
    String told = label(column);
    boolean named = !told.equals(column) || columnAxis.isEmpty();
    String where = named ? told : columnAxis + " " + told;
    if (rowAxis.isEmpty() || row.isEmpty()) {
      return where;
    }
    return (row.equals(EMBEDDING) ? row : rowAxis + " " + row) + ", " + where;
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
