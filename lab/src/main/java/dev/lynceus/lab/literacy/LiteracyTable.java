package dev.lynceus.lab.literacy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// All items of a test as a table.
public final class LiteracyTable {
  private static final List<String> HEAD =
      List.of(
          "id",
          "chart",
          "task",
          "variant",
          "question",
          "options",
          "key",
          "answered",
          "probability",
          "right",
          "omitted",
          "verdict",
          "none",
          "blank",
          "swapped",
          "no_legend",
          "people");

  private LiteracyTable() {}

  /// As CSV with a head; options by their numbers from 0, −2 where the question was passed over.
  public static String csv(LiteracyReport report) {
    StringBuilder text = new StringBuilder(String.join(",", HEAD)).append('\n');
    for (LiteracyReport.ItemRow row : report.items()) {
      int answered = row.answered() == Taken.OMITTED ? row.options().size() : row.answered();
      List<String> cells =
          new ArrayList<>(
              List.of(
                  row.id(),
                  row.chart(),
                  row.task(),
                  row.variant(),
                  row.question(),
                  String.join(" | ", row.options()),
                  Integer.toString(row.key()),
                  Integer.toString(row.answered()),
                  String.format(Locale.ROOT, "%.6f", row.probabilities().get(answered)),
                  Double.toString(row.right()),
                  Double.toString(row.omitted()),
                  row.verdict()));
      for (Seen seen : List.of(Seen.NONE, Seen.BLANK, Seen.SWAPPED, Seen.NO_LEGEND)) {
        Integer option = row.controls().get(seen.label());
        cells.add(option == null ? "" : option.toString());
      }
      cells.add(row.difficulty() == null ? "" : row.difficulty().toString());
      text.append(String.join(",", cells.stream().map(LiteracyTable::cell).toList())).append('\n');
    }
    return text.toString();
  }

  private static String cell(String text) {
    return text.matches("(?s).*[,\"\r\n].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }
}
