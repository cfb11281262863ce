package dev.lynceus.run;

import dev.lynceus.error.LynceusException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// A ledger whose results are texts of one line, such as JSON: what of a list of questions is
/// answered. The file is that of [LedgerFile] in all else. Results stay in the file; what is kept
/// in memory is where they stand.
public final class TextLedger implements AutoCloseable {
  private final LedgerLines lines;
  private final Map<Integer, LedgerLines.Place> results;

  private TextLedger(LedgerLines lines, Map<Integer, LedgerLines.Place> results) {
    this.lines = lines;
    this.results = results;
  }

  /// Opens a ledger, or begins one where the file is absent.
  ///
  /// @param key what the results are about
  /// @throws LynceusException BAD_REQUEST, NOT_WRITABLE, see [LedgerFile#open]
  public static TextLedger open(Path file, LedgerKey key) {
    Map<Integer, LedgerLines.Place> results = new HashMap<>();
    return new TextLedger(
        LedgerLines.open(
            file,
            key,
            (text, line, number, place) -> {
              int row = text.row(line, number);
              if (results.put(row, place) != null) {
                throw text.twice(row, number);
              }
            }),
        results);
  }

  /// What users should know about the file; empty where all is well.
  public Optional<String> notice() {
    return lines.notice();
  }

  /// The result of a row that is done.
  public Optional<String> result(int row) {
    return Optional.ofNullable(results.get(row)).map(lines::line).map(LedgerText::text);
  }

  /// Whether a row is done.
  public boolean has(int row) {
    return results.containsKey(row);
  }

  /// A row is done; its result survives the end of the process.
  ///
  /// @param result in one line
  /// @throws LynceusException NOT_WRITABLE
  public void done(int row, String result) {
    results.put(row, lines.add(lines.text().line(row, result)));
    lines.flush();
  }

  @Override
  public void close() {
    lines.close();
  }
}
