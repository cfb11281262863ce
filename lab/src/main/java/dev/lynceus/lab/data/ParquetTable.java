package dev.lynceus.lab.data;

import dev.hardwood.HardwoodContext;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import dev.hardwood.row.PqList;
import dev.hardwood.row.PqStruct;
import dev.hardwood.schema.ColumnProjection;
import dev.hardwood.schema.SchemaNode;
import dev.lynceus.error.LynceusException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A Parquet file: its rows without the pictures, and its pictures by row.
final class ParquetTable {
  /// Kept, so that it is not forgotten that the library says on the terminal only what is wrong.
  private static final Logger QUIET = Logger.getLogger("dev.hardwood");

  static {
    QUIET.setLevel(Level.WARNING);
  }

  /// Pictures that are read at first; as long as the next rows are asked for next, twice as many
  /// each time, for what stands before a row in its group is read along.
  private static final int AT_FIRST = 8;

  private static final int AT_MOST = 1024;
  private static final long MOST_BYTES = 32L << 20;

  /// How a column holds pictures.
  enum Holds {
    /// A struct of `bytes` and `path`.
    STRUCT,
    /// A list of such structs.
    STRUCTS,
    /// Bytes.
    BYTES
  }

  /// A picture as it is stored.
  ///
  /// @param bytes null where the column has only its name
  record Stored(byte @Nullable [] bytes, String path) {}

  /// Takes rows.
  interface RowTaker {
    /// @param row from 0
    /// @param cells without pictures
    /// @param paths for each column with pictures the names of those of this row, empty where a
    ///   picture has none
    /// @return whether more are wanted
    boolean take(long row, ObjectNode cells, Map<String, List<String>> paths);
  }

  private final Path file;
  private final DataLimits limits;
  private final Map<String, Holds> pictures = new LinkedHashMap<>();
  private final List<String> others = new ArrayList<>();
  private final Map<String, String> metadata;
  private final long rows;
  private final Map<String, Window> windows = new HashMap<>();

  /// Pictures of rows that follow each other.
  private record Window(long first, List<List<Stored>> pictures) {
    boolean has(long row) {
      return row >= first && row < first + pictures.size();
    }
  }

  /// @throws LynceusException BAD_REQUEST for what is no whole Parquet file
  ParquetTable(Path file, DataLimits limits) {
    this.file = file;
    this.limits = limits;
    ParquetCheck.footer(file);
    this.metadata = new LinkedHashMap<>();
    this.rows =
        guarded(() -> {
          try (HardwoodContext context = HardwoodContext.create(1);
              ParquetFileReader reader =
                  ParquetFileReader.open(dev.hardwood.InputFile.of(file), context)) {
            ParquetCheck.pages(file, reader.getFileMetaData(), limits);
            metadata.putAll(reader.getFileMetaData().keyValueMetadata());
            for (SchemaNode node : reader.getFileSchema().getRootNode().children()) {
              Holds holds = holds(node);
              if (holds == null) {
                others.add(node.name());
              } else {
                pictures.put(node.name(), holds);
              }
            }
            return reader.getFileMetaData().numRows();
          }
        });
  }

  /// The columns with pictures.
  Set<String> pictureColumns() {
    return pictures.keySet();
  }

  /// The other columns.
  List<String> otherColumns() {
    return others;
  }

  long rows() {
    return rows;
  }

  /// What its writer noted.
  String note(String name) {
    return metadata.getOrDefault(name, "");
  }

  private static @Nullable Holds holds(SchemaNode node) {
    if (isPicture(node)) {
      return Holds.STRUCT;
    }
    if (node instanceof SchemaNode.GroupNode group
        && group.isList()
        && isPicture(group.getListElement())) {
      return Holds.STRUCTS;
    }
    boolean bytes =
        node instanceof SchemaNode.PrimitiveNode one
            && one.type() == dev.hardwood.metadata.PhysicalType.BYTE_ARRAY
            && one.logicalType() == null
            && one.name()
                .toLowerCase(Locale.ROOT)
                .matches(".*(image|img|picture|photo|jpe?g|png).*");
    return bytes ? Holds.BYTES : null;
  }

  private static boolean isPicture(@Nullable SchemaNode node) {
    if (!(node instanceof SchemaNode.GroupNode group) || group.isList() || group.isMap()) {
      return false;
    }
    Set<String> names = new LinkedHashSet<>();
    group.children().forEach(child -> names.add(child.name()));
    return names.equals(Set.of("bytes", "path"));
  }

  /// Goes over the rows.
  ///
  /// @throws LynceusException BAD_REQUEST for broken pages
  void each(RowTaker taker) {
    List<String> wanted = new ArrayList<>(others);
    pictures.forEach((name, holds) -> {
      if (holds != Holds.BYTES) {
        wanted.add(name + (holds == Holds.STRUCT ? ".path" : ".list.element.path"));
      }
    });
    long[] row = {0};
    if (wanted.isEmpty()) {
      ObjectNode none = JsonNodeFactory.instance.objectNode();
      while (row[0] < rows && taker.take(row[0], none, names(null))) {
        row[0]++;
      }
      return;
    }
    guarded(() -> {
      try (HardwoodContext context = HardwoodContext.create(1);
          ParquetFileReader reader =
              ParquetFileReader.open(dev.hardwood.InputFile.of(file), context);
          RowReader all =
              reader
                  .buildRowReader()
                  .projection(ColumnProjection.columns(wanted.toArray(String[]::new)))
                  .build()) {
        while (all.hasNext()) {
          all.next();
          ObjectNode cells = JsonNodeFactory.instance.objectNode();
          for (String name : others) {
            cells.set(name, ParquetValues.json(all.isNull(name) ? null : all.getValue(name)));
          }
          if (!taker.take(row[0]++, cells, names(all))) {
            return true;
          }
        }
        return true;
      }
    });
  }

  private Map<String, List<String>> names(@Nullable RowReader row) {
    Map<String, List<String>> names = new LinkedHashMap<>();
    pictures.forEach((name, holds) -> names.put(name, names(name, holds, row)));
    return names;
  }

  private static List<String> names(String name, Holds holds, @Nullable RowReader row) {
    List<String> found = new ArrayList<>();
    if (row == null || holds == Holds.BYTES) {
      found.add("");
    } else if (!row.isNull(name)) {
      if (holds == Holds.STRUCT) {
        found.add(path(row.getStruct(name)));
      } else {
        for (PqStruct one : row.getList(name).structs()) {
          found.add(one == null ? "" : path(one));
        }
      }
    }
    return found;
  }

  private static String path(@Nullable PqStruct picture) {
    String path = picture == null || picture.isNull("path") ? "" : picture.getString("path");
    return path == null ? "" : path;
  }

  /// A picture.
  ///
  /// @param row from 0
  /// @param index in a list of them
  /// @throws LynceusException BAD_IMAGE where there is none
  Stored picture(String name, long row, int index) {
    List<Stored> found = stored(name, row);
    if (index >= found.size()) {
      throw Refusal.badImage(
          "%s of row %d of %s is empty".formatted(name, row + 1, file), "Leave that row out.");
    }
    return found.get(index);
  }

  /// The pictures of a row, and with them those of the next rows.
  synchronized List<Stored> stored(String name, long row) {
    Window window = windows.get(name);
    if (window == null || !window.has(row)) {
      int had = window == null ? 0 : window.pictures().size();
      boolean goesOn = window != null && row == window.first() + had;
      int wanted = goesOn ? Math.min(AT_MOST, 2 * had) : AT_FIRST;
      window = new Window(row, read(name, row, wanted));
      windows.put(name, window);
    }
    return window.has(row) ? window.pictures().get((int) (row - window.first())) : List.of();
  }

  private List<List<Stored>> read(String name, long row, int wanted) {
    return guarded(() -> {
      List<List<Stored>> read = new ArrayList<>();
      try (HardwoodContext context = HardwoodContext.create(1);
          ParquetFileReader reader =
              ParquetFileReader.open(dev.hardwood.InputFile.of(file), context);
          RowReader some =
              reader
                  .buildRowReader()
                  .projection(ColumnProjection.columns(name))
                  .skip(row)
                  .head(wanted)
                  .build()) {
        long bytes = 0;
        while (some.hasNext() && (read.isEmpty() || bytes < MOST_BYTES / pictures.size())) {
          some.next();
          List<Stored> cell = some.isNull(name) ? List.of() : cell(name, some);
          for (Stored one : cell) {
            byte[] stored = one.bytes();
            bytes += stored == null ? 0 : stored.length;
          }
          read.add(cell);
        }
      }
      return read;
    });
  }

  private List<Stored> cell(String name, RowReader row) {
    List<Stored> found = new ArrayList<>();
    Holds holds = pictures.getOrDefault(name, Holds.BYTES);
    switch (holds) {
      case BYTES -> found.add(new Stored(row.getBinary(name), ""));
      case STRUCT -> found.add(stored(row.getStruct(name)));
      case STRUCTS -> {
        PqList list = row.getList(name);
        for (int i = 0; i < list.size(); i++) {
          found.add(list.isNull(i) ? new Stored(null, "") : stored((PqStruct) list.get(i)));
        }
      }
    }
    return found;
  }

  private Stored stored(PqStruct picture) {
    byte[] bytes = picture.isNull("bytes") ? null : picture.getBinary("bytes");
    if (bytes != null && bytes.length > limits.pictureBytes()) {
      throw Refusal.badImage(
          "a picture of %s has %d MiB".formatted(file, bytes.length >> 20), "Store it smaller.");
    }
    return new Stored(bytes, path(picture));
  }

  /// Whatever a reader of foreign files throws is the fault of the file.
  private <T> T guarded(Callable<T> reading) {
    try {
      return reading.call();
    } catch (LynceusException e) {
      throw e;
    } catch (UnsupportedOperationException e) {
      throw Refusal.bad(
          "%s uses what is not read: %s"
              .formatted(file, Refusal.shown(String.valueOf(e.getMessage()))),
          "Write it again with Snappy, Zstandard or gzip, or without compression.",
          e);
    } catch (Exception | OutOfMemoryError | StackOverflowError | NoClassDefFoundError e) {
      LynceusException broken = ParquetCheck.broken(file, reason(e));
      throw Refusal.bad(String.valueOf(broken.getMessage()), broken.nextStep(), e);
    }
  }

  private static String reason(Throwable e) {
    return e instanceof IOException || e instanceof RuntimeException
        ? Refusal.shown(String.valueOf(e.getMessage()))
        : "it asks for too much memory";
  }
}
