package dev.lynceus.lab.experiment;

import dev.lynceus.method.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A table of one result as a Parquet file, compressed by zstd: whole numbers as BIGINT, other
/// numbers as DOUBLE, truth values as BOOLEAN, all else as texts; what a row lacks is null. Units
/// stand in the metadata of the file, under the names of their columns.
public final class ResultTable {
  private ResultTable() {}

  private enum Kind {
    BIGINT,
    DOUBLE,
    BOOLEAN,
    VARCHAR;

    static Kind of(List<@Nullable Object> cells) {
      List<Object> there =
          cells.stream()
              .<Object>mapMulti((cell, into) -> {
                if (cell != null) {
                  into.accept(cell);
                }
              })
              .toList();
      if (there.isEmpty()) {
        return VARCHAR;
      }
      if (there.stream().allMatch(Boolean.class::isInstance)) {
        return BOOLEAN;
      }
      if (!there.stream().allMatch(Number.class::isInstance)) {
        return VARCHAR;
      }
      return there.stream().allMatch(cell -> cell instanceof Integer || cell instanceof Long)
          ? BIGINT
          : DOUBLE;
    }

    @Nullable Object cell(@Nullable Object value) {
      return switch (this) {
        case BIGINT -> value == null ? null : (Object) ((Number) value).longValue();
        // The shortest text of a float is what was meant, not its bits as a double.
        case DOUBLE -> value == null ? null : (Object) Double.valueOf(value.toString());
        case BOOLEAN -> value;
        case VARCHAR -> value == null ? null : Objects.toString(value);
      };
    }
  }

  /// Writes it.
  ///
  /// @throws dev.lynceus.error.LynceusException NOT_WRITABLE
  public static void parquet(Table table, Path target) {
    Map<String, String> columns = new LinkedHashMap<>();
    Map<String, String> units = new LinkedHashMap<>();
    List<Kind> kinds = new ArrayList<>();
    for (int c = 0; c < table.columns().size(); c++) {
      int column = c;
      Table.Column one = table.columns().get(c);
      Kind kind =
          Kind.of(table.rows().stream().<@Nullable Object>map(row -> row.get(column)).toList());
      kinds.add(kind);
      columns.put(one.name(), kind.name());
      if (!one.unit().isEmpty()) {
        units.put(one.name(), one.unit());
      }
    }
    Duck.parquet(
        columns,
        table.rows().stream()
            .map(row -> {
              List<@Nullable Object> cells = new ArrayList<>();
              for (int c = 0; c < row.size(); c++) {
                cells.add(kinds.get(c).cell(row.get(c)));
              }
              return cells;
            })
            .toList(),
        units,
        target);
  }
}
