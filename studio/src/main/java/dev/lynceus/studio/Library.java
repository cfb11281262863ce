package dev.lynceus.studio;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// What the studio keeps: runs with their results, and the pictures that were asked about, in one
/// SQLite file. One studio at a time has it open; all else waits for nobody.
final class Library implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String COLUMNS = "info, request, contents";

  private final Path folder;
  private final Connection connection;

  /// @param folder made where it is absent
  /// @throws LynceusException NOT_WRITABLE, also where another studio has it open
  Library(Path folder) {
    this.folder = folder;
    try {
      Files.createDirectories(folder.resolve("ledgers"));
      connection =
          DriverManager.getConnection(
              "jdbc:sqlite:" + folder.resolve("studio.sqlite").toAbsolutePath());
    } catch (IOException | SQLException e) {
      throw unusable(e);
    }
    try {
      with(
          """
          PRAGMA locking_mode = EXCLUSIVE;
          PRAGMA journal_mode = WAL;
          PRAGMA synchronous = NORMAL;
          CREATE TABLE IF NOT EXISTS runs (
            id TEXT PRIMARY KEY, created TEXT, state TEXT, subject TEXT, contents TEXT, text TEXT,
            info TEXT, request TEXT, result BLOB);
          CREATE INDEX IF NOT EXISTS runs_created ON runs (created);
          CREATE INDEX IF NOT EXISTS runs_contents ON runs (contents);
          CREATE TABLE IF NOT EXISTS pictures (
            sum TEXT PRIMARY KEY, info TEXT, bytes INTEGER, data BLOB);
          """);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void with(String statements) {
    use(open -> {
      for (String one : statements.split(";", -1)) {
        if (!one.isBlank()) {
          try (var statement = open.createStatement()) {
            statement.execute(one);
          }
        }
      }
      return true;
    });
  }

  /// A run with what it was asked.
  ///
  /// @param info as lists tell it
  /// @param request as JSON
  /// @param contents the key of all that its result rests on
  record Kept(RunInfo info, String request, String contents) {}

  private interface Work<T> {
    T with(Connection open) throws SQLException;
  }

  private synchronized <T> T use(Work<T> work) {
    try {
      return work.with(connection);
    } catch (SQLException e) {
      throw unusable(e);
    }
  }

  private LynceusException unusable(Exception e) {
    boolean busy = String.valueOf(e.getMessage()).contains("SQLITE_BUSY");
    return new LynceusException(
        ErrorCode.NOT_WRITABLE,
        busy
            ? "another studio has the library in " + folder + " open"
            : "the library in " + folder + " cannot be used: " + e.getMessage(),
        busy
            ? "Use that one, or name another folder with --store."
            : "Free the disk, or name another folder with --store.",
        e);
  }

  /// A file for what is done of a sweep.
  Path ledger(String id) {
    return folder.resolve("ledgers").resolve(id + ".jsonl");
  }

  private static PreparedStatement set(PreparedStatement statement, Object... values)
      throws SQLException {
    for (int i = 0; i < values.length; i++) {
      if (values[i] instanceof byte[] bytes) {
        statement.setBytes(i + 1, bytes);
      } else {
        statement.setObject(i + 1, values[i]);
      }
    }
    return statement;
  }

  /// Keeps a run that is new.
  void add(Kept run) {
    use(open -> {
      try (PreparedStatement insert =
          open.prepareStatement("INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)")) {
        RunInfo info = run.info();
        return set(
                insert,
                info.id(),
                info.created(),
                info.state().word(),
                info.subject(),
                run.contents(),
                text(info),
                JSON.writeValueAsString(info),
                run.request())
            .executeUpdate();
      }
    });
  }

  /// What a run is found by.
  private static String text(RunInfo info) {
    return String.join(
            "\n",
            info.kind(),
            info.model(),
            info.question(),
            info.summary(),
            info.note(),
            String.join(" ", info.tags()))
        .toLowerCase(java.util.Locale.ROOT);
  }

  /// Writes what is told of a run in place of what was.
  ///
  /// @param result gzipped JSON; null leaves what is there
  private void update(RunInfo info, byte @Nullable [] result) {
    use(open -> {
      try (PreparedStatement update =
          open.prepareStatement(
              "UPDATE runs SET state = ?, text = ?, info = ?, result = coalesce(?, result)"
                  + " WHERE id = ?")) {
        set(update, info.state().word(), text(info), JSON.writeValueAsString(info));
        update.setBytes(4, result);
        update.setString(5, info.id());
        return update.executeUpdate();
      }
    });
  }

  /// Changes what is told of a run, if it is still there.
  ///
  /// @param result gzipped JSON; null leaves what is there
  synchronized void change(String id, UnaryOperator<RunInfo> how, byte @Nullable [] result) {
    run(id).ifPresent(kept -> update(how.apply(kept.info()), result));
  }

  Optional<Kept> run(String id) {
    return select("WHERE id = ?", id).stream().findFirst();
  }

  /// A run that has a result which rests on the same.
  Optional<Kept> same(String contents) {
    return select("WHERE contents = ? AND state = 'done' ORDER BY created DESC LIMIT 1", contents)
        .stream()
        .findFirst();
  }

  /// Runs that had not ended, the oldest first.
  List<Kept> unended() {
    return select("WHERE state IN ('queued', 'loading', 'running') ORDER BY created, rowid");
  }

  /// Runs about one question.
  List<Kept> about(String subject) {
    return select("WHERE subject = ? AND state = 'done' ORDER BY created, rowid", subject);
  }

  /// Runs, the newest first.
  ///
  /// @param words all of which occur in what is told of a run
  /// @param before only those that are older than this run's time
  List<Kept> list(List<String> words, String before, int most) {
    StringBuilder where = new StringBuilder("WHERE created < ?");
    List<Object> values = new ArrayList<>(List.of(before));
    for (String word : words) {
      where.append(" AND instr(text, ?) > 0");
      values.add(word.toLowerCase(java.util.Locale.ROOT));
    }
    values.add(most);
    return select(where + " ORDER BY created DESC, rowid DESC LIMIT ?", values.toArray());
  }

  private List<Kept> select(String where, Object... values) {
    return use(open -> {
      try (PreparedStatement select =
              open.prepareStatement("SELECT " + COLUMNS + " FROM runs " + where);
          ResultSet rows = set(select, values).executeQuery()) {
        List<Kept> found = new ArrayList<>();
        while (rows.next()) {
          found.add(
              new Kept(
                  JSON.readValue(rows.getString(1), RunInfo.class),
                  rows.getString(2),
                  rows.getString(3)));
        }
        return found;
      }
    });
  }

  /// The result of a run as gzipped JSON; empty before there is one.
  Optional<byte[]> result(String id) {
    return blob("SELECT result FROM runs WHERE id = ?", id);
  }

  /// Forgets a run. Pictures that no run is about any more stay: their questions may come again.
  boolean delete(String id) {
    return use(open -> {
      try (PreparedStatement delete = open.prepareStatement("DELETE FROM runs WHERE id = ?")) {
        return set(delete, id).executeUpdate() > 0;
      }
    });
  }

  /// Keeps a picture.
  void add(PictureInfo info, byte[] data) {
    use(open -> {
      try (PreparedStatement insert =
          open.prepareStatement("INSERT OR IGNORE INTO pictures VALUES (?, ?, ?, ?)")) {
        return set(insert, info.sha256(), JSON.writeValueAsString(info), data.length, data)
            .executeUpdate();
      }
    });
  }

  Optional<PictureInfo> picture(String sum) {
    return use(open -> {
      try (PreparedStatement select =
              open.prepareStatement("SELECT info FROM pictures WHERE sum = ?");
          ResultSet rows = set(select, sum).executeQuery()) {
        return rows.next()
            ? Optional.of(JSON.readValue(rows.getString(1), PictureInfo.class))
            : Optional.empty();
      }
    });
  }

  /// The bytes of a picture's file.
  Optional<byte[]> data(String sum) {
    return blob("SELECT data FROM pictures WHERE sum = ?", sum);
  }

  /// Bytes of all pictures.
  long pictureBytes() {
    return use(open -> {
      try (var statement = open.createStatement();
          ResultSet rows = statement.executeQuery("SELECT coalesce(sum(bytes), 0) FROM pictures")) {
        return rows.next() ? rows.getLong(1) : 0;
      }
    });
  }

  private Optional<byte[]> blob(String query, String name) {
    return use(open -> {
      try (PreparedStatement select = open.prepareStatement(query);
          ResultSet rows = set(select, name).executeQuery()) {
        return rows.next() ? Optional.ofNullable(rows.getBytes(1)) : Optional.empty();
      }
    });
  }

  @Override
  public synchronized void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw unusable(e);
    }
  }
}
