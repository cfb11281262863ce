package dev.lynceus.text.jinja;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The `loop` variable.
final class LoopState {
  private final List<Value> items;
  private @Nullable Value changed;

  LoopState(List<Value> items) {
    this.items = items;
  }

  Value at(int i) {
    int size = items.size();
    Value.Namespace loop = new Value.Namespace();
    Map<String, Value> values = new LinkedHashMap<>();
    values.put("index", Value.of(i + 1));
    values.put("index0", Value.of(i));
    values.put("revindex", Value.of(size - i));
    values.put("revindex0", Value.of(size - i - 1));
    values.put("first", Value.of(i == 0));
    values.put("last", Value.of(i == size - 1));
    values.put("length", Value.of(size));
    values.put("depth", Value.of(1));
    values.put("depth0", Value.of(0));
    values.put(
        "previtem", i > 0 ? items.get(i - 1) : new Value.Undefined("there is no previous item"));
    values.put(
        "nextitem", i < size - 1 ? items.get(i + 1) : new Value.Undefined("there is no next item"));
    values.put(
        "cycle",
        new Value.Function(
            "cycle",
            arguments -> {
              if (arguments.positional().isEmpty()) {
                throw new TemplateFault("no items for cycling given");
              }
              return arguments.positional().get(i % arguments.positional().size());
            }));
    values.put(
        "changed",
        new Value.Function(
            "changed",
            arguments -> {
              Value now = new Value.Tup(arguments.positional());
              boolean differs = changed == null || !Operators.equal(changed, now);
              changed = now;
              return Value.of(differs);
            }));
    loop.attributes.putAll(values);
    return loop;
  }
}
