package dev.lynceus.cli;

import java.util.ArrayList;
import java.util.List;

/// Columns of text, each as wide as its widest cell.
final class TextTable {
  private static final String GAP = "  ";

  private final List<List<String>> rows = new ArrayList<>();

  /// Adds a row.
  TextTable row(String... cells) {
    rows.add(List.of(cells));
    return this;
  }

  /// Adds a row.
  TextTable row(List<String> cells) {
    rows.add(List.copyOf(cells));
    return this;
  }

  /// The lines, each with a line end and no spaces before it.
  @Override
  public String toString() {
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      // The last cell of a row needs no room to its right.
      for (int c = 0; c < row.size() - 1; c++) {
        widths[c] = Math.max(widths[c], width(row.get(c)));
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < row.size(); c++) {
        line.append(row.get(c));
        if (c < row.size() - 1) {
          line.repeat(' ', widths[c] - width(row.get(c))).append(GAP);
        }
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  /// Columns of a terminal that a text takes: wide characters take two.
  static int width(String text) {
    return text.codePoints().map(point -> isWide(point) ? 2 : isMark(point) ? 0 : 1).sum();
  }

  private static boolean isMark(int point) {
    int type = Character.getType(point);
    return type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.FORMAT;
  }

  private static boolean isWide(int point) {
    return point >= 0x1100 && point <= 0x115f
        || point >= 0x2e80 && point <= 0xa4cf
        || point >= 0xac00 && point <= 0xd7a3
        || point >= 0xf900 && point <= 0xfaff
        || point >= 0xfe30 && point <= 0xfe6f
        || point >= 0xff00 && point <= 0xff60
        || point >= 0xffe0 && point <= 0xffe6
        || point >= 0x1f300 && point <= 0x1faff
        || point >= 0x20000 && point <= 0x3fffd;
  }
}
