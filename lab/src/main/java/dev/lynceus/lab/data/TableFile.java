package dev.lynceus.lab.data;

import dev.lynceus.error.LynceusException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A table with a header in a file: commas or tabs between cells, quotes around those that hold
/// them (RFC 4180). Read row by row; each cell knows where it stands, so that large ones can be
/// read again later.
final class TableFile implements AutoCloseable {
  private static final int MOST_COLUMNS = 2_000;

  /// A cell.
  ///
  /// @param offset of its first byte in the file, behind a quote
  /// @param verbatim whether the bytes stand there as they are, no quote within them doubled
  record Cell(byte[] bytes, long offset, boolean verbatim) {
    String text() throws CharacterCodingException {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }
  }

  private final Path file;
  private final InputStream stream;
  private final char separator;
  private final int most;
  private final List<String> header;
  private long position;
  private int pushed = -2;
  private long number;
  private boolean ended;

  /// @param most bytes of a row
  /// @throws LynceusException BAD_REQUEST where there is no header
  TableFile(Path file, char separator, int most) {
    this.file = file;
    this.stream = ByteLines.open(file);
    this.separator = separator;
    this.most = most;
    List<Cell> first = cells();
    if (first == null) {
      throw Refusal.bad(file + " has no rows", "Check that this is the file you mean.");
    }
    this.header = new ArrayList<>();
    Set<String> names = new HashSet<>();
    try {
      for (Cell cell : first) {
        String name = cell.text().strip();
        header.add(header.isEmpty() && name.startsWith("\ufeff") ? name.substring(1) : name);
        if (!name.isEmpty() && !names.add(name)) {
          throw Refusal.bad(
              "%s has two columns %s".formatted(file, Refusal.quoted(name)), "Rename one of them.");
        }
      }
    } catch (CharacterCodingException e) {
      throw Refusal.bad(file + ": its header is not text in UTF-8", "Save the file as UTF-8.", e);
    }
  }

  /// The names of the columns.
  List<String> header() {
    return header;
  }

  /// Where the row that was read last stands.
  Origin origin() {
    return new Origin(file, number);
  }

  /// The next row; null at the end.
  ///
  /// @throws LynceusException BAD_REQUEST for a row that has more cells than the header, or is too
  ///   large
  @Nullable List<Cell> next() {
    List<Cell> cells;
    do {
      cells = ended ? null : cells();
    } while (cells != null && cells.size() == 1 && cells.getFirst().bytes().length == 0);
    if (cells == null) {
      return null;
    }
    number++;
    if (cells.size() > header.size()) {
      throw Refusal.bad(
          "%s has %d cells, the header %d".formatted(origin(), cells.size(), header.size()),
          "Put texts that hold the separator between quotes.");
    }
    return cells;
  }

  private int read() throws IOException {
    if (pushed != -2) {
      int one = pushed;
      pushed = -2;
      position++;
      return one;
    }
    position++;
    return stream.read();
  }

  private void back(int one) {
    pushed = one;
    position--;
  }

  /// The cells of a record; null at the end of the file.
  private @Nullable List<Cell> cells() {
    try {
      int one = read();
      if (one < 0) {
        ended = true;
        return null;
      }
      back(one);
      List<Cell> cells = new ArrayList<>();
      long start = position;
      boolean more = true;
      while (more) {
        if (cells.size() >= MOST_COLUMNS) {
          ended = true;
          throw Refusal.bad(
              "a row of %s has more than %,d cells".formatted(file, MOST_COLUMNS),
              "Check that this is the file you mean.");
        }
        more = cell(cells, start);
      }
      return cells;
    } catch (IOException e) {
      ended = true;
      throw Refusal.bad(file + " cannot be read: " + e.getMessage(), "Check the file.", e);
    }
  }

  /// Reads a cell; says whether another follows in its row.
  private boolean cell(List<Cell> cells, long start) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
    int one = read();
    boolean quoted = one == '"';
    boolean verbatim = true;
    if (!quoted) {
      back(one);
    }
    long offset = position;
    while (true) {
      one = read();
      if (quoted && one == '"') {
        int after = read();
        if (after != '"') {
          // What stands between the closing quote and the separator belongs to the cell.
          back(after);
          quoted = false;
          continue;
        }
        verbatim = false;
      } else if (one < 0 || !quoted && (one == separator || one == '\n')) {
        break;
      }
      bytes.write(one);
      if (position - start > most) {
        ended = true;
        throw Refusal.bad(
            "a row of %s has more than %d MiB".formatted(file, most >> 20),
            "A quote may be missing; else check that this is the file you mean.");
      }
    }
    if (quoted) {
      ended = true;
      throw Refusal.bad(
          "row %d of %s ends within quotes".formatted(number + 1, file), "Close the quotes.");
    }
    byte[] all = bytes.toByteArray();
    int length =
        one != separator && all.length > 0 && all[all.length - 1] == '\r'
            ? all.length - 1
            : all.length;
    cells.add(new Cell(length == all.length ? all : Arrays.copyOf(all, length), offset, verbatim));
    ended = one < 0;
    return one == separator;
  }

  @Override
  public void close() {
    try {
      stream.close();
    } catch (IOException e) {
      // It was only read.
    }
  }
}
