package dev.lynceus.lab.experiment;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Questions in SQL about all runs of a store: a view `runs`, and one for each table over the files
/// of all runs.
public final class RunQuery {
  private RunQuery() {}

  /// An answer.
  ///
  /// @param columns their names
  /// @param rows cells as texts; null where there is none
  public record Answer(List<String> columns, List<List<String>> rows) {}

  /// Asks.
  ///
  /// @param query one statement of DuckDB's SQL that answers with rows
  /// @throws dev.lynceus.error.LynceusException BAD_REQUEST with what is wrong with the query
  public static Answer ask(RunStore store, String query) {
    List<String> views = new ArrayList<>();
    views.add(runs(store.all()));
    for (Table table : Table.values()) {
      List<Path> files =
          store.all().stream()
              .map(run -> Tables.file(store.folder(run.id()), table))
              .filter(Files::isRegularFile)
              .toList();
      views.add("CREATE VIEW %s AS %s".formatted(table.word(), files(table, files)));
    }
    Duck.Answer found = Duck.ask(views, query);
    return new Answer(
        found.columns(),
        found.rows().stream()
            .map(row ->
                row.stream().map(cell -> cell == null ? null : Objects.toString(cell)).toList())
            .toList());
  }

  private static String files(Table table, List<Path> files) {
    if (files.isEmpty()) {
      return "SELECT * FROM (SELECT NULL::VARCHAR AS run_id, %s) WHERE false"
          .formatted(
              table.columns().stream()
                  .map(column -> "NULL::%s AS %s".formatted(column.kind().sql(), column.name()))
                  .collect(Collectors.joining(", ")));
    }
    return "SELECT * FROM read_parquet([%s], union_by_name = true)"
        .formatted(files.stream().map(Duck::quoted).collect(Collectors.joining(", ")));
  }

  private static String runs(List<RunInfo> runs) {
    String columns =
        "run_id, name, model, revision, method, data, state, total, done, failed, judged, correct, seconds, started_at, settings";
    String rows =
        runs.stream()
            .map(run ->
                "(%s)"
                    .formatted(
                        Stream.of(
                                text(run.id()),
                                text(run.name()),
                                text(run.model()),
                                text(run.revision()),
                                text(run.method()),
                                text(run.data()),
                                text(run.state().word()),
                                Integer.toString(run.total()),
                                Integer.toString(run.done()),
                                Integer.toString(run.failed()),
                                Integer.toString(run.judged()),
                                Integer.toString(run.correct()),
                                Double.toString(run.seconds()),
                                text(run.startedAt()),
                                text(run.settings().toString()))
                            .collect(Collectors.joining(", "))))
            .collect(Collectors.joining(", "));
    return "CREATE TABLE runs AS SELECT * FROM (VALUES %s) AS t(%s)%s"
        .formatted(
            runs.isEmpty() ? "('', '', '', '', '', '', '', 0, 0, 0, 0, 0, 0.0, '', '')" : rows,
            columns,
            runs.isEmpty() ? " WHERE false" : "");
  }

  private static String text(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
