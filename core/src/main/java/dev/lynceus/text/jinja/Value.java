package dev.lynceus.text.jinja;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Everything that a template can hold. The set is closed, so a template can reach no Java object.
sealed interface Value {
  Value NONE = Nil.NONE;
  Value TRUE = new Bool(true);
  Value FALSE = new Bool(false);

  /// `none`.
  enum Nil implements Value {
    NONE
  }

  /// A name or attribute that does not exist; using it for more than a test is an error.
  ///
  /// @param why what to say then
  record Undefined(String why) implements Value {}

  record Bool(boolean value) implements Value {}

  /// Keys of one map may have one hash; an order keeps such a map fast.
  record Int(long value) implements Value, Comparable<Int> {
    @Override
    public int compareTo(Int other) {
      return Long.compare(value, other.value);
    }
  }

  record Real(double value) implements Value, Comparable<Real> {
    @Override
    public int compareTo(Real other) {
      return Double.compare(value, other.value);
    }
  }

  record Str(String text) implements Value, Comparable<Str> {
    public Str {
      Budget.text(text.length());
      Budget.made(text.length(), 48 + 2L * text.length());
    }

    @Override
    public int compareTo(Str other) {
      return text.compareTo(other.text);
    }
  }

  record Seq(List<Value> items) implements Value {
    public Seq {
      Budget.elements(items.size());
      Budget.made(items.size(), 48 + 32L * items.size());
    }
  }

  record Tup(List<Value> items) implements Value {
    public Tup {
      Budget.elements(items.size());
      Budget.made(items.size(), 48 + 32L * items.size());
    }
  }

  record Dict(Map<Value, Value> items) implements Value {
    public Dict {
      Budget.elements(items.size());
      Budget.made(items.size(), 64 + 96L * items.size());
    }

    Value get(String key, Value fallback) {
      return items.getOrDefault(new Str(key), fallback);
    }
  }

  /// The only thing that a template can change: `namespace(found=false)`.
  final class Namespace implements Value {
    final Map<String, Value> attributes;

    Namespace() {
      this(new LinkedHashMap<>());
    }

    Namespace(Map<String, Value> attributes) {
      this.attributes = attributes;
    }
  }

  /// Something that can be called.
  record Function(String name, Body body) implements Value {
    @FunctionalInterface
    interface Body {
      Value call(Arguments arguments);
    }
  }

  static Value of(boolean value) {
    return value ? TRUE : FALSE;
  }

  static Value of(long value) {
    return new Int(value);
  }

  static Value of(String text) {
    return new Str(text);
  }

  /// A plain Java value (null, Boolean, Number, CharSequence, List, Map) as a template value.
  static Value from(@Nullable Object object) {
    return switch (object) {
      case null -> NONE;
      case Value value -> value;
      case Boolean value -> of((boolean) value);
      case Integer value -> new Int(value);
      case Long value -> new Int(value);
      case Float value -> new Real(value);
      case Double value -> new Real(value);
      case CharSequence text -> new Str(text.toString());
      case List<?> list -> new Seq(list.stream().map(Value::from).toList());
      case Map<?, ?> map -> {
        Map<Value, Value> items = new LinkedHashMap<>();
        map.forEach((key, item) -> items.put(from(key), from(item)));
        yield new Dict(items);
      }
      default ->
          throw new IllegalArgumentException("No template value: " + object.getClass().getName());
    };
  }

  /// What Python calls the type.
  default String typeName() {
    return switch (this) {
      case Nil _ -> "None";
      case Undefined _ -> "Undefined";
      case Bool _ -> "bool";
      case Int _ -> "int";
      case Real _ -> "float";
      case Str _ -> "str";
      case Seq _ -> "list";
      case Tup _ -> "tuple";
      case Dict _ -> "dict";
      case Namespace _ -> "Namespace";
      case Function _ -> "function";
    };
  }
}
