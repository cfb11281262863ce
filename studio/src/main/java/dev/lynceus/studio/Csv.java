package dev.lynceus.studio;

import dev.lynceus.method.Table;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Tables as CSV (RFC 4180), with units behind the names of columns.
final class Csv {
  private Csv() {}

  static String of(Table table) {
    StringBuilder text = new StringBuilder();
    text.append(
        row(
            table.columns().stream()
                .map(column ->
                    column.unit().isEmpty()
                        ? column.name()
                        : column.name() + " (" + column.unit() + ")")
                .toList()));
    table.rows().forEach(one -> text.append(row(one)));
    return text.toString();
  }

  private static String row(List<? extends @Nullable Object> cells) {
    return cells.stream().map(Csv::cell).collect(Collectors.joining(",", "", "\r\n"));
  }

  private static String cell(@Nullable Object value) {
    String text = value == null ? "" : value.toString();
    return text.matches("[^\",\r\n]*") ? text : "\"" + text.replace("\"", "\"\"") + "\"";
  }
}
