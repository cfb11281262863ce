package dev.lynceus.lab.experiment;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/// The tables that a run has. A column is a component of the record of its rows; in files its name
/// is in small letters with underscores.
public enum Table {
  /// One row for each example and seed.
  EXAMPLES(ExampleRow.class, outcome -> List.of(outcome.example())),
  /// Numbers about parts of models, prompts and examples.
  UNITS(UnitRow.class, Outcome::units),
  /// Maps of pictures.
  MAPS(MapRow.class, Outcome::maps),
  /// Words of answers, judged.
  EVIDENCE(WordRow.class, Outcome::evidence);

  private final Class<? extends Record> type;
  private final Function<Outcome, List<? extends Record>> rows;

  Table(Class<? extends Record> type, Function<Outcome, List<? extends Record>> rows) {
    this.type = type;
    this.rows = rows;
  }

  /// The kinds of columns.
  public enum Kind {
    TEXT("VARCHAR"),
    WHOLE("BIGINT"),
    NUMBER("DOUBLE"),
    TRUTH("BOOLEAN"),
    TEXTS("VARCHAR[]"),
    WHOLES("BIGINT[]"),
    NUMBERS("DOUBLE[]");

    private final String sql;

    Kind(String sql) {
      this.sql = sql;
    }

    /// What SQL calls it.
    String sql() {
      return sql;
    }
  }

  /// A column.
  ///
  /// @param name in files
  public record Column(String name, Kind kind, RecordComponent component) {
    /// The cell of a row; null where it was not measured.
    Object of(Record row) {
      try {
        return component.getAccessor().invoke(row);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("a row hides " + component.getName(), e);
      }
    }
  }

  /// What files and commands call it.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The rows that an outcome has for it.
  public List<? extends Record> of(Outcome outcome) {
    return rows.apply(outcome);
  }

  /// Its columns, in order.
  public List<Column> columns() {
    return Arrays.stream(type.getRecordComponents())
        .map(component -> new Column(snake(component.getName()), kind(component), component))
        .toList();
  }

  private static Kind kind(RecordComponent component) {
    Class<?> type = component.getType();
    if (type == List.class
        && component.getGenericType() instanceof ParameterizedType list
        && list.getActualTypeArguments()[0] instanceof Class<?> element) {
      return switch (scalar(element)) {
        case TEXT -> Kind.TEXTS;
        case WHOLE -> Kind.WHOLES;
        case NUMBER -> Kind.NUMBERS;
        case TRUTH, TEXTS, WHOLES, NUMBERS ->
            throw new IllegalStateException("no column holds " + component);
      };
    }
    return scalar(type);
  }

  private static Kind scalar(Class<?> type) {
    if (type == String.class) {
      return Kind.TEXT;
    }
    if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
      return Kind.WHOLE;
    }
    if (type == double.class || type == Double.class) {
      return Kind.NUMBER;
    }
    if (type == boolean.class || type == Boolean.class) {
      return Kind.TRUTH;
    }
    throw new IllegalStateException("no column holds " + type);
  }

  private static String snake(String name) {
    return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  /// The tables with that many words, for messages.
  static List<String> words() {
    List<String> words = new ArrayList<>();
    for (Table table : values()) {
      words.add(table.word());
    }
    return words;
  }
}
