package dev.lynceus.lab.experiment;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A row of a run that gave no result.
///
/// @param example its name in the data set
/// @param error what went wrong
public record FailedRow(String example, String error) {

  /// The first of a run, in the order of the data set.
  ///
  /// @param run its folder
  /// @param most of them
  public static List<FailedRow> first(Path run, int most) {
    Path examples = Tables.file(run, Table.EXAMPLES);
    List<FailedRow> found = new ArrayList<>();
    if (Files.isRegularFile(examples)) {
      Duck.each(
          "SELECT example, error FROM %s WHERE error IS NOT NULL LIMIT %d"
              .formatted(Duck.quoted(examples), most),
          row -> found.add(new FailedRow(row.getString(1), row.getString(2))));
    }
    return found;
  }
}
