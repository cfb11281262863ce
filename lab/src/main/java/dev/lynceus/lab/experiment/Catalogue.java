package dev.lynceus.lab.experiment;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// The list of runs, in SQLite: many processes may read it while one writes. What is searched for
/// has columns of its own; the whole of a run stands beside it as JSON.
final class Catalogue {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path file;
  private final String url;

  /// @param file of the data base; made where it is absent
  Catalogue(Path file) {
    this.file = file;
    this.url = "jdbc:sqlite:" + file.toAbsolutePath();
    with(connection -> {
      try (var statement = connection.createStatement()) {
        statement.execute("PRAGMA journal_mode = WAL");
        statement.execute(
            """
            CREATE TABLE IF NOT EXISTS runs (
              run_id TEXT PRIMARY KEY, name TEXT, model TEXT, revision TEXT, method TEXT,
              data TEXT, state TEXT, total INTEGER, done INTEGER, failed INTEGER, judged INTEGER,
              correct INTEGER, seconds REAL, started_at TEXT, ended_at TEXT, tags TEXT, info TEXT)
            """);
      }
      return true;
    });
  }

  /// What is done with a connection.
  private interface Work<T> {
    T apply(Connection connection) throws SQLException;
  }

  private <T> T with(Work<T> work) {
    try (Connection connection = DriverManager.getConnection(url)) {
      try (var statement = connection.createStatement()) {
        statement.execute("PRAGMA busy_timeout = 10000");
      }
      return work.apply(connection);
    } catch (SQLException e) {
      throw new LynceusException(
          ErrorCode.NOT_WRITABLE,
          "the list of runs %s cannot be used: %s".formatted(file, e.getMessage()),
          "Free the disk or the file, or keep runs elsewhere with --store.",
          e);
    }
  }

  /// Writes a run, in place of what was known of it.
  void put(RunInfo run) {
    with(connection -> {
      try (PreparedStatement insert =
          connection.prepareStatement(
              "INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
        Object[] values = {
          run.id(),
          run.name(),
          run.model(),
          run.revision(),
          run.method(),
          run.data(),
          run.state().word(),
          run.total(),
          run.done(),
          run.failed(),
          run.judged(),
          run.correct(),
          run.seconds(),
          run.startedAt(),
          run.endedAt(),
          String.join(",", run.tags()),
          JSON.writeValueAsString(run)
        };
        for (int i = 0; i < values.length; i++) {
          insert.setObject(i + 1, values[i]);
        }
        return insert.executeUpdate();
      }
    });
  }

  /// A run by its id.
  Optional<RunInfo> get(String id) {
    return select("WHERE run_id = ?", id).stream().findFirst();
  }

  /// Runs whose id or name begins so.
  List<RunInfo> beginning(String text) {
    String escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%";
    return select("WHERE run_id LIKE ?1 ESCAPE '\\' OR name LIKE ?1 ESCAPE '\\'", escaped);
  }

  /// All runs, the newest first.
  List<RunInfo> all() {
    return select("");
  }

  private List<RunInfo> select(String where, String... values) {
    return with(connection -> {
      try (PreparedStatement select =
          connection.prepareStatement(
              "SELECT info FROM runs " + where + " ORDER BY started_at DESC, run_id")) {
        for (int i = 0; i < values.length; i++) {
          select.setString(i + 1, values[i]);
        }
        List<RunInfo> found = new ArrayList<>();
        try (ResultSet rows = select.executeQuery()) {
          while (rows.next()) {
            found.add(JSON.readValue(rows.getString(1), RunInfo.class));
          }
        }
        return found;
      }
    });
  }

  /// Forgets a run.
  void remove(String id) {
    with(connection -> {
      try (PreparedStatement delete =
          connection.prepareStatement("DELETE FROM runs WHERE run_id = ?")) {
        delete.setString(1, id);
        return delete.executeUpdate();
      }
    });
  }
}
