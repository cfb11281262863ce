package dev.lynceus.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The page of the docs that tells which command runs on which family: families whose cells are all
/// alike share a column, and reasons are numbered.
///
/// @param cells by family, then by command
record FamilyPage(Map<String, Map<String, FamilyTable.Cell>> cells) {
  private static final String BEGINS =
      """
      # Commands and families

      Every command that asks a model something, on every family of models. Each cell was made by running the command on a small checkpoint of the family
      with random weights: *runs*, or the number of the reason that the command gave, with what to do instead. Where a family takes no picture, the command was
      given a question alone, or a question with a passage, or a text with words taken out; where the question needs a picture, it had one.

      `%s` makes
      this page anew; the tests run the columns of a few families, and no cell is an internal error.

      """;
  private static final String COMMAND =
      "mvn -q -pl cli -am test -Dtest=FamilyTableTest -Dlynceus.rewrite=true -Dsurefire.failIfNoSpecifiedTests=false";

  private static final Pattern REFUSED = Pattern.compile("no \\((\\d+)\\)");

  /// The page.
  String markdown() {
    Map<Map<String, FamilyTable.Cell>, List<String>> columns = new LinkedHashMap<>();
    cells.forEach(
        (family, own) -> columns.computeIfAbsent(own, o -> new ArrayList<>()).add(family));
    List<String> notes =
        cells.values().stream()
            .flatMap(own -> own.values().stream())
            .filter(cell -> !cell.runs())
            .map(FamilyTable.Cell::note)
            .distinct()
            .toList();
    StringBuilder page = new StringBuilder(BEGINS.formatted(COMMAND));
    page.append("| | families |\n|---|---|\n");
    int number = 0;
    for (List<String> families : columns.values()) {
      page.append("| %s | %s |\n".formatted(letter(number++), String.join("; ", families)));
    }
    page.append("\n| command |");
    for (int c = 0; c < columns.size(); c++) {
      page.append(" %s |".formatted(letter(c)));
    }
    page.append("\n|---|").append("---|".repeat(columns.size())).append('\n');
    for (String command : FamilyLines.LINES.keySet()) {
      page.append("| `%s` |".formatted(command));
      for (Map<String, FamilyTable.Cell> own : columns.keySet()) {
        FamilyTable.Cell cell = own.get(command);
        page.append(
            cell.runs() ? " runs |" : " no (%d) |".formatted(1 + notes.indexOf(cell.note())));
      }
      page.append('\n');
    }
    page.append("\n## Reasons\n\n");
    for (int n = 0; n < notes.size(); n++) {
      page.append("%d. %s\n".formatted(n + 1, notes.get(n)));
    }
    return page.toString();
  }

  private static String letter(int column) {
    return String.valueOf((char) ('A' + column));
  }

  /// What a page says: by family and command `runs`, or the reason.
  static Map<String, Map<String, String>> read(String page) {
    List<String> notes = new ArrayList<>();
    Matcher note = Pattern.compile("(?m)^\\d+\\. (.*)$").matcher(page);
    while (note.find()) {
      notes.add(note.group(1));
    }
    List<List<String>> rows =
        page.lines()
            .filter(line -> line.startsWith("| ") && !line.startsWith("| |"))
            .map(line -> List.of(line.substring(2, line.length() - 2).split(" \\| ")))
            .toList();
    List<String> letters =
        rows.stream().filter(row -> row.getFirst().equals("command")).findFirst().orElseThrow();
    Map<String, Map<String, String>> said = new LinkedHashMap<>();
    for (List<String> row : rows) {
      if (row.getFirst().length() == 1) {
        int column = letters.indexOf(row.getFirst());
        Map<String, String> own =
            rows.stream()
                .filter(line -> line.getFirst().startsWith("`"))
                .collect(
                    Collectors.toMap(
                        line -> line.getFirst().replace("`", ""),
                        line -> told(line.get(column), notes),
                        (a, b) -> a,
                        LinkedHashMap::new));
        for (String family : row.get(1).split("; ")) {
          said.put(family, own);
        }
      }
    }
    return said;
  }

  private static String told(String cell, List<String> notes) {
    Matcher refused = REFUSED.matcher(cell);
    return refused.matches() ? notes.get(Integer.parseInt(refused.group(1)) - 1) : cell;
  }
}
