package dev.lynceus.lab.experiment;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/// SQL over files, by DuckDB in memory. Nothing is kept between two uses.
final class Duck {
  private Duck() {}

  /// What is done with each row of an answer.
  interface Rows {
    void row(ResultSet row) throws SQLException;
  }

  /// An answer of any shape.
  record Answer(List<String> columns, List<List<Object>> rows) {}

  private static Connection open() throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:duckdb:");
    try (Statement statement = connection.createStatement()) {
      // A library that fetches parts of itself from elsewhere is not wanted.
      statement.execute("SET autoinstall_known_extensions = false");
      statement.execute("SET memory_limit = '1GB'");
      statement.execute("SET threads = 1");
      statement.execute("SET preserve_insertion_order = true");
    }
    return connection;
  }

  /// Does something.
  static void run(String... statements) {
    try (Connection connection = open();
        Statement statement = connection.createStatement()) {
      for (String one : statements) {
        statement.execute(one);
      }
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /// Writes rows as Parquet.
  ///
  /// @param columns their names and types, as SQL has them
  /// @param about what the file tells besides, by its name
  static void parquet(
      Map<String, String> columns,
      List<List<@Nullable Object>> rows,
      Map<String, String> about,
      Path target) {
    String types =
        columns.entrySet().stream()
            .map(one -> name(one.getKey()) + " " + one.getValue())
            .collect(Collectors.joining(", "));
    String told =
        about.entrySet().stream()
            .map(one -> name(one.getKey()) + ": " + text(one.getValue()))
            .collect(Collectors.joining(", "));
    try (DuckDBConnection connection = open().unwrap(DuckDBConnection.class);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE rows (" + types + ")");
      try (DuckDBAppender appender =
          connection.createAppender(DuckDBConnection.DEFAULT_SCHEMA, "rows")) {
        for (List<@Nullable Object> row : rows) {
          appender.beginRow();
          for (Object cell : row) {
            switch (cell) {
              case null -> appender.appendNull();
              case Boolean truth -> appender.append(truth.booleanValue());
              case Long whole -> appender.append(whole.longValue());
              case Double number -> appender.append(number.doubleValue());
              default -> appender.append(cell.toString());
            }
          }
          appender.endRow();
        }
      }
      statement.execute(
          "COPY rows TO %s (FORMAT parquet, COMPRESSION zstd%s)"
              .formatted(quoted(target), told.isEmpty() ? "" : ", KV_METADATA {" + told + "}"));
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private static String name(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private static String text(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /// Asks for rows, one after the other.
  static void each(String query, Rows rows) {
    try (Connection connection = open();
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(query)) {
      while (found.next()) {
        rows.row(found);
      }
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /// Asks after some statements.
  ///
  /// @throws LynceusException BAD_REQUEST with what is wrong with the query
  static Answer ask(List<String> before, String query) {
    try (Connection connection = open();
        Statement statement = connection.createStatement()) {
      for (String one : before) {
        statement.execute(one);
      }
      try (ResultSet found = statement.executeQuery(query)) {
        ResultSetMetaData about = found.getMetaData();
        List<String> columns = new ArrayList<>();
        for (int i = 1; i <= about.getColumnCount(); i++) {
          columns.add(about.getColumnLabel(i));
        }
        List<List<Object>> rows = new ArrayList<>();
        while (found.next()) {
          List<Object> row = new ArrayList<>();
          for (int i = 1; i <= columns.size(); i++) {
            row.add(found.getObject(i));
          }
          rows.add(Collections.unmodifiableList(row));
        }
        return new Answer(columns, rows);
      }
    } catch (SQLException e) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the query cannot be answered: " + first(e),
          "Ask about the views runs, examples, units, maps and evidence.",
          e);
    }
  }

  private static String first(SQLException e) {
    String message = String.valueOf(e.getMessage());
    return message.lines().findFirst().orElse(message).strip();
  }

  private static LynceusException failed(SQLException e) {
    return new LynceusException(
        ErrorCode.NOT_WRITABLE,
        "a table cannot be written or read: " + first(e),
        "Free the disk, or keep runs elsewhere with --store.",
        e);
  }

  /// A file as SQL names it.
  static String quoted(Path file) {
    return text(file.toAbsolutePath().toString());
  }
}
