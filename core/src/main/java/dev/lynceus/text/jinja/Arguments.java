package dev.lynceus.text.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The values that a call, a filter or a test got.
///
/// @param positional in order
/// @param named by keyword
record Arguments(List<Value> positional, Map<String, Value> named) {
  static final Arguments NONE = new Arguments(List.of(), Map.of());

  static Arguments of(Value... values) {
    return new Arguments(List.of(values), Map.of());
  }

  /// The argument at an index or of a name; null if neither is given.
  @Nullable Value find(int index, String name) {
    return index < positional.size() ? positional.get(index) : named.get(name);
  }

  Value get(int index, String name, Value fallback) {
    Value value = find(index, name);
    return value == null ? fallback : value;
  }

  Value require(int index, String name) {
    Value value = find(index, name);
    if (value == null) {
      throw new TemplateFault("the argument '" + name + "' is missing");
    }
    return value;
  }

  boolean flag(int index, String name) {
    return Operators.truthy(get(index, name, Value.FALSE));
  }

  /// Refuses what a function would not look at.
  Arguments allow(String what, int most, String... names) {
    if (positional.size() > most) {
      throw new TemplateFault(
          what + " takes at most " + most + " arguments, not " + positional.size());
    }
    for (String name : named.keySet()) {
      if (!List.of(names).contains(name)) {
        throw new TemplateFault(what + " has no argument '" + name + "'");
      }
    }
    return this;
  }

  /// The same without the first positional one.
  Arguments rest() {
    return new Arguments(positional.subList(1, positional.size()), named);
  }
}
