package dev.lynceus.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Attributes, items, slices and the elements of a value.
final class Access {
  private Access() {}

  /// `object.name`: a method or attribute first, then an item.
  static Value attribute(Value object, String name) {
    refuseUndefined(object);
    Value method = method(object, name);
    if (method != null) {
      return method;
    }
    Value item = entry(object, Value.of(name));
    return item != null ? item : missing(object, name);
  }

  /// `object[index]`: an item first, then a method or attribute.
  static Value item(Value object, Value index) {
    refuseUndefined(object);
    Value item = entry(object, index);
    if (item == null && index instanceof Value.Str name) {
      item = method(object, name.text());
    }
    return item != null ? item : missing(object, PythonText.str(index));
  }

  private static void refuseUndefined(Value object) {
    if (object instanceof Value.Undefined undefined) {
      throw new TemplateFault(undefined.why());
    }
  }

  private static Value missing(Value object, String name) {
    return new Value.Undefined(
        "'" + object.typeName() + " object' has no attribute '" + name + "'");
  }

  private static @Nullable Value method(Value object, String name) {
    return name.startsWith("_")
        ? null
        : switch (object) {
          case Value.Str text -> charged(StringMethods.find(text.text(), name), text);
          case Value.Dict dict -> charged(CollectionMethods.find(dict, name), dict);
          case Value.Seq list -> charged(CollectionMethods.find(list.items(), name), list);
          case Value.Tup tuple -> charged(CollectionMethods.find(tuple.items(), name), tuple);
          case Value.Namespace namespace -> namespace.attributes.get(name);
          case Value.Nil _,
              Value.Undefined _,
              Value.Bool _,
              Value.Int _,
              Value.Real _,
              Value.Function _ ->
              null;
        };
  }

  /// A method goes over what it belongs to each time that it is called.
  private static @Nullable Value charged(Value.@Nullable Function method, Value self) {
    return method == null
        ? null
        : new Value.Function(
            method.name(),
            arguments -> {
              // A mapping finds its keys without going over all.
              Budget.work(20L + (self instanceof Value.Dict ? 0 : Operators.size(self)));
              return method.body().call(arguments);
            });
  }

  private static @Nullable Value entry(Value object, Value index) {
    return switch (object) {
      case Value.Dict dict -> dict.items().get(Operators.key(dict.items(), index));
      case Value.Seq list -> element(list.items(), index);
      case Value.Tup tuple -> element(tuple.items(), index);
      case Value.Str text -> Operators.isWhole(index) ? character(text.text(), index) : null;
      case Value.Nil _,
          Value.Undefined _,
          Value.Bool _,
          Value.Int _,
          Value.Real _,
          Value.Namespace _,
          Value.Function _ ->
          null;
    };
  }

  private static @Nullable Value character(String text, Value index) {
    Budget.work(text.length());
    int size = text.codePointCount(0, text.length());
    long at = Operators.whole(index);
    long real = at < 0 ? at + size : at;
    return real >= 0 && real < size
        ? Value.of(Character.toString(text.codePointAt(text.offsetByCodePoints(0, (int) real))))
        : null;
  }

  private static @Nullable Value element(List<Value> items, Value index) {
    if (!Operators.isWhole(index)) {
      return null;
    }
    long at = Operators.whole(index);
    long real = at < 0 ? at + items.size() : at;
    return real >= 0 && real < items.size() ? items.get((int) real) : null;
  }

  /// What a loop over the value goes through.
  static List<Value> elements(Value value) {
    return switch (value) {
      case Value.Seq list -> list.items();
      case Value.Tup tuple -> tuple.items();
      case Value.Dict dict -> {
        Budget.made(dict.items().size(), 8L * dict.items().size());
        yield List.copyOf(dict.items().keySet());
      }
      case Value.Str text -> {
        Budget.elements(text.text().length());
        yield text.text().codePoints().mapToObj(c -> Value.of(Character.toString(c))).toList();
      }
      case Value.Undefined _ -> List.of();
      case Value.Nil _,
          Value.Bool _,
          Value.Int _,
          Value.Real _,
          Value.Namespace _,
          Value.Function _ ->
          throw new TemplateFault("cannot go through " + Operators.article(value));
    };
  }

  /// Number of elements; a fault where there is none.
  static int length(Value value) {
    return value instanceof Value.Str text
        ? text.text().codePointCount(0, text.text().length())
        : value instanceof Value.Dict dict ? dict.items().size() : elements(value).size();
  }

  /// `object[from:to:step]`.
  static Value slice(Value object, Value from, Value to, Value step) {
    refuseUndefined(object);
    if (!(object instanceof Value.Str
        || object instanceof Value.Seq
        || object instanceof Value.Tup)) {
      return missing(object, "slice");
    }
    int[] points =
        object instanceof Value.Str text ? text.text().codePoints().toArray() : new int[0];
    List<Value> items = object instanceof Value.Str ? List.of() : elements(object);
    int size = object instanceof Value.Str ? points.length : items.size();
    Budget.work(points.length);
    long by = step instanceof Value.Nil ? 1 : Operators.whole(step);
    if (by == 0) {
      throw new TemplateFault("the step of a slice is zero");
    }
    long low = by > 0 ? 0 : -1;
    long high = by > 0 ? size : size - 1L;
    long start = bound(from, by > 0 ? low : high, size, low, high);
    long end = bound(to, by > 0 ? high : low, size, low, high);
    // A step past the end of all numbers would come back from the other side.
    by = Math.clamp(by, -1L - size, 1L + size);
    if (object instanceof Value.Str) {
      StringBuilder text = new StringBuilder();
      for (long i = start; by > 0 ? i < end : i > end; i += by) {
        text.appendCodePoint(points[(int) i]);
      }
      return Value.of(text.toString());
    }
    List<Value> chosen = new ArrayList<>();
    for (long i = start; by > 0 ? i < end : i > end; i += by) {
      chosen.add(items.get((int) i));
    }
    return switch (object) {
      case Value.Tup _ -> new Value.Tup(List.copyOf(chosen));
      default -> new Value.Seq(List.copyOf(chosen));
    };
  }

  private static long bound(Value value, long absent, int size, long low, long high) {
    if (value instanceof Value.Nil) {
      return absent;
    }
    long at = Operators.whole(value);
    return Math.clamp(at < 0 ? at + size : at, low, high);
  }

  /// `attribute="a.b.0"` of filters: items first, part by part.
  static Value path(Value object, Value path) {
    if (!(path instanceof Value.Str text)) {
      return item(object, path);
    }
    Value value = object;
    for (String part : text.text().split("\\.", -1)) {
      boolean digits =
          !part.isEmpty()
              && IntStream.range(0, part.length()).allMatch(i -> Character.isDigit(part.charAt(i)));
      value =
          item(
              value,
              digits && part.length() < 10 ? Value.of(Long.parseLong(part)) : Value.of(part));
    }
    return value;
  }
}
