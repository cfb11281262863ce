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
    return "'" + file.toAbsolutePath().toString().replace("'", "''") + "'";
  }
}
