package dev.lynceus.cli;

import dev.lynceus.lab.experiment.Compared;
import dev.lynceus.lab.experiment.FailedRow;
import dev.lynceus.lab.experiment.RunInfo;
import dev.lynceus.lab.experiment.Summary;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Results of the commands of `lab`.
final class LabResult {
  private LabResult() {}

  /// A run, and what it comes to.
  ///
  /// @param run as the catalogue knows it
  /// @param folder with its ledger and its tables
  /// @param failedRows the first rows that gave no result
  /// @param summary one line for each metric and kind of question
  record Shown(RunInfo run, String folder, List<FailedRow> failedRows, List<Summary.Line> summary) {
    private static final int FAILED = 3;

    /// @param folder that the run is kept in
    static Shown of(RunInfo run, Path folder) {
      return new Shown(
          run, folder.toString(), FailedRow.first(folder, FAILED), Summary.of(folder).lines());
    }
  }

  /// All runs.
  ///
  /// @param store the folder that they are kept in
  /// @param runs the newest first
  record Listed(String store, List<RunInfo> runs) {}

  /// Two runs beside each other.
  ///
  /// @param first the run that is compared with
  /// @param second the other
  /// @param lines one for each metric and kind of question
  /// @param same metrics that are the same number as another in every row, with that one
  /// @param onlyFirst rows that the first run alone measured; they are left out
  /// @param onlySecond rows that the second alone measured
  record Beside(
      RunInfo first,
      RunInfo second,
      List<Compared.Line> lines,
      Map<String, String> same,
      int onlyFirst,
      int onlySecond) {
    static Beside of(RunInfo first, RunInfo second, Compared compared) {
      return new Beside(
          first,
          second,
          compared.lines(),
          compared.same(),
          compared.onlyFirst(),
          compared.onlySecond());
    }
  }

  /// An answer of SQL.
  ///
  /// @param columns their names
  /// @param rows cells as texts; null where there is none
  record Asked(List<String> columns, List<List<String>> rows) {}
}
