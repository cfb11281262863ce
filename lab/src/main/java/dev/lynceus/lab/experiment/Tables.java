package dev.lynceus.lab.experiment;

import dev.lynceus.error.ErrorCode;
import dev.lynceus.error.LynceusException;
import dev.lynceus.tensor.file.Npz;
import dev.lynceus.tensor.file.SafetensorsWriter;
import dev.lynceus.tensor.file.StoredTensor;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The tables of a run as files. A run keeps them as Parquet, in long rows, compressed by zstd; all
/// other forms are made from these.
public final class Tables {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String RUN = "run_id";

  private Tables() {}

  /// A form of files.
  public enum Form {
    PARQUET,
    CSV,
    JSONL,
    /// Maps alone, an array for each.
    NPZ,
    /// The same.
    SAFETENSORS;

    /// What files of it end in.
    public String ending() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// The file of a table in the folder of a run.
  static Path file(Path run, Table table) {
    return run.resolve(table.word() + ".parquet");
  }

  /// Writes the tables of a run; those without rows are left out.
  ///
  /// @throws LynceusException NOT_WRITABLE
  static void write(String id, Path run, Iterable<Outcome> outcomes) {
    Map<Table, Path> parts = new EnumMap<>(Table.class);
    Map<Table, BufferedWriter> writers = new EnumMap<>(Table.class);
    try {
      try {
        for (Outcome outcome : outcomes) {
          for (Table table : Table.values()) {
            for (Record row : table.of(outcome)) {
              BufferedWriter writer = writers.get(table);
              if (writer == null) {
                Path part = Files.createTempFile(run, table.word(), ".part");
                parts.put(table, part);
                writer = Files.newBufferedWriter(part);
                writers.put(table, writer);
              }
              writer.write(JSON.writeValueAsString(line(id, table, row)));
              writer.write('\n');
            }
          }
        }
      } finally {
        for (BufferedWriter writer : writers.values()) {
          writer.close();
        }
      }
      for (Table table : Table.values()) {
        Path part = parts.get(table);
        if (part == null) {
          Files.deleteIfExists(file(run, table));
        } else {
          parquet(table, part, file(run, table));
        }
      }
    } catch (IOException e) {
      throw notWritable(run, e);
    } finally {
      parts.values().forEach(Tables::remove);
    }
  }

  private static void remove(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      // A leftover harms nobody.
    }
  }

  private static ObjectNode line(String id, Table table, Record row) {
    ObjectNode line = JSON.createObjectNode().put(RUN, id);
    for (Table.Column column : table.columns()) {
      line.putPOJO(column.name(), column.of(row));
    }
    return line;
  }

  private static void parquet(Table table, Path lines, Path target) throws IOException {
    String columns =
        table.columns().stream()
            .map(column -> "%s: '%s'".formatted(column.name(), column.kind().sql()))
            .collect(Collectors.joining(", "));
    Path made = target.resolveSibling(target.getFileName() + ".part");
    Duck.run(
        "COPY (SELECT * FROM read_json(%s, format = 'newline_delimited', maximum_object_size = 268435456, columns = {%s: 'VARCHAR', %s})) TO %s (FORMAT parquet, COMPRESSION zstd)"
            .formatted(Duck.quoted(lines), RUN, columns, Duck.quoted(made)));
    Files.move(made, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  /// Writes a table of a run in another form.
  ///
  /// @param target the file
  /// @throws LynceusException BAD_REQUEST if the run has no such table, or the form holds other
  ///   tables only; NOT_WRITABLE
  public static void export(Path run, Table table, Form form, Path target) {
    Path source = file(run, table);
    if (!Files.isRegularFile(source)) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "the run has no table " + table.word(),
          "It has " + String.join(", ", present(run)) + ".");
    }
    String all = "SELECT * FROM " + Duck.quoted(source);
    switch (form) {
      case PARQUET ->
          Duck.run(
              "COPY (%s) TO %s (FORMAT parquet, COMPRESSION zstd)"
                  .formatted(all, Duck.quoted(target)));
      case CSV ->
          Duck.run("COPY (%s) TO %s (FORMAT csv, HEADER)".formatted(all, Duck.quoted(target)));
      case JSONL -> Duck.run("COPY (%s) TO %s (FORMAT json)".formatted(all, Duck.quoted(target)));
      case NPZ, SAFETENSORS -> arrays(source, table, form, target);
    }
  }

  /// The tables that a run has.
  public static List<String> present(Path run) {
    return Arrays.stream(Table.values())
        .filter(table -> Files.isRegularFile(file(run, table)))
        .map(Table::word)
        .toList();
  }

  private static void arrays(Path source, Table table, Form form, Path target) {
    if (table != Table.MAPS) {
      throw new LynceusException(
          ErrorCode.BAD_REQUEST,
          "%s holds arrays, and the table %s has none".formatted(form.ending(), table.word()),
          "Write maps so, and other tables as parquet, csv or jsonl.");
    }
    Map<String, StoredTensor> arrays = new LinkedHashMap<>();
    Duck.each(
        "SELECT example, seed, method, step, view, rows, columns, map FROM " + Duck.quoted(source),
        row -> {
          Object[] cells = (Object[]) row.getArray(8).getArray();
          float[] values = new float[cells.length];
          for (int i = 0; i < cells.length; i++) {
            values[i] = cells[i] instanceof Number number ? number.floatValue() : Float.NaN;
          }
          String name =
              "%s/%d/%s/%d/%d"
                  .formatted(
                      row.getString(1),
                      row.getLong(2),
                      row.getString(3),
                      row.getInt(4),
                      row.getInt(5));
          arrays.put(name, StoredTensor.of(values, row.getInt(6), row.getInt(7)));
        });
    if (form == Form.NPZ) {
      Npz.write(target, arrays);
    } else {
      SafetensorsWriter writer = new SafetensorsWriter();
      arrays.forEach(writer::add);
      writer.write(target);
    }
  }

  private static LynceusException notWritable(Path where, IOException e) {
    return new LynceusException(
        ErrorCode.NOT_WRITABLE,
        "cannot write the tables in " + where + ": " + e.getMessage(),
        "Free the disk, or keep runs elsewhere with --store.",
        e);
  }
}
