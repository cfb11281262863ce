package dev.lynceus.method;

import java.lang.reflect.Array;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Values of a finding as rows.
///
/// @param name the path of components that lead to it, with dots between; `value` for what there is
///   once
/// @param columns of each row, in order
/// @param rows numbers, texts, truth values, or null where a row has none
public record Table(String name, List<Column> columns, List<List<@Nullable Object>> rows) {

  /// What stands in a column.
  ///
  /// @param name of the component, with a dot before what lies within; the place in a list is
  ///   `LIST_index`, from 0
  /// @param unit empty where it has none, or is in the documentation of the record alone
  public record Column(String name, String unit) {}

  /// A finding as tables: one row of all that there is once, and a table for each list, in whose
  /// rows the places in the lists around it come first. Lists of numbers are tables as well.
  public static List<Table> of(Record value) {
    Maker maker = new Maker();
    maker.row("value", new LinkedHashMap<>(), value, "");
    return maker.tables.entrySet().stream().map(one -> one.getValue().table(one.getKey())).toList();
  }

  static List<Table> of(Finding finding) {
    return of((Record) finding);
  }

  /// Rows that may have different columns, as they come.
  private static final class Rows {
    private final Map<String, String> units = new LinkedHashMap<>();
    private final List<Map<String, Object>> rows = new ArrayList<>();

    Table table(String name) {
      List<String> names = List.copyOf(units.keySet());
      return new Table(
          name,
          units.entrySet().stream().map(one -> new Column(one.getKey(), one.getValue())).toList(),
          rows.stream()
              .<List<@Nullable Object>>map(
                  row -> names.stream().<@Nullable Object>map(row::get).toList())
              .toList());
    }
  }

  private static final class Maker {
    private final Map<String, Rows> tables = new LinkedHashMap<>();

    private Rows table(String name) {
      return tables.computeIfAbsent(name, unused -> new Rows());
    }

    /// Adds the row of a record, and the tables of the lists within.
    ///
    /// @param place what a row begins with
    void row(String table, Map<String, Object> place, Record value, String prefix) {
      Rows rows = table(table);
      place.keySet().forEach(name -> rows.units.putIfAbsent(name, ""));
      Map<String, Object> row = new LinkedHashMap<>(place);
      rows.rows.add(row);
      fill(table, place, rows, row, value, prefix);
    }

    private void fill(
        String table,
        Map<String, Object> place,
        Rows rows,
        Map<String, Object> row,
        Record value,
        String prefix) {
      for (RecordComponent component : value.getClass().getRecordComponents()) {
        String name = prefix + component.getName();
        Object part = plain(of(value, component));
        Unit unit = component.getAnnotation(Unit.class);
        switch (part) {
          case null -> rows.units.putIfAbsent(name, unit == null ? "" : unit.value());
          case Record inner -> fill(table, place, rows, row, inner, name + ".");
          case Collection<?> list -> list(table, place, name, List.copyOf(list), unit);
          case Map<?, ?> map -> map(table, place, name, map);
          default -> {
            rows.units.putIfAbsent(name, unit == null ? "" : unit.value());
            row.put(name, part);
          }
        }
      }
    }

    private void list(
        String table, Map<String, Object> place, String name, List<?> list, @Nullable Unit unit) {
      for (int i = 0; i < list.size(); i++) {
        Map<String, Object> here = new LinkedHashMap<>(place);
        here.put(name + "_index", i);
        entry(table, here, name, plain(list.get(i)), unit);
      }
    }

    private void map(String table, Map<String, Object> place, String name, Map<?, ?> map) {
      map.forEach((key, value) -> {
        Map<String, Object> here = new LinkedHashMap<>(place);
        here.put("key", key);
        entry(table, here, name, plain(value), null);
      });
    }

    /// Adds what a list or a map holds in one place: a row, or rows where it is a list itself.
    private void entry(
        String table,
        Map<String, Object> here,
        String name,
        @Nullable Object one,
        @Nullable Unit unit) {
      String inner = table.equals("value") ? name : table + "." + name;
      switch (one) {
        case Record record -> row(inner, here, record, "");
        case Collection<?> more -> list(table, here, name + ".item", List.copyOf(more), unit);
        case null, default -> {
          Rows rows = table(inner);
          here.keySet().forEach(key -> rows.units.putIfAbsent(key, ""));
          rows.units.putIfAbsent("value", unit == null ? "" : unit.value());
          if (one != null) {
            here.put("value", one);
          }
          rows.rows.add(here);
        }
      }
    }

    /// Optional values as what they hold, arrays as lists, constants as their names.
    private static @Nullable Object plain(@Nullable Object value) {
      return switch (value) {
        case null -> null;
        case Optional<?> some -> plain(some.orElse(null));
        case OptionalInt some -> some.isPresent() ? some.getAsInt() : null;
        case OptionalDouble some -> some.isPresent() ? some.getAsDouble() : null;
        case Enum<?> constant -> constant.name();
        default ->
            value.getClass().isArray()
                ? IntStream.range(0, Array.getLength(value))
                    .mapToObj(i -> Array.get(value, i))
                    .toList()
                : value;
      };
    }

    private static @Nullable Object of(Record value, RecordComponent component) {
      try {
        component.getAccessor().setAccessible(true);
        return component.getAccessor().invoke(value);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
