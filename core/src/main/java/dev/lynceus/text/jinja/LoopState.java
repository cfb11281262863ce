package dev.lynceus.text.jinja;

import java.util.AbstractMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The `loop` variable.
final class LoopState {
  private final List<Value> items;
  private @Nullable Value changed;

  LoopState(List<Value> items) {
    this.items = items;
  }

  Value.Namespace at(int i) {
    return new Value.Namespace(new Place(i));
  }

  /// The attributes at one step, made when they are asked for.
  final class Place extends AbstractMap<String, Value> {
    private final int i;

    private Place(int i) {
      this.i = i;
    }

    @Override
    public @Nullable Value get(@Nullable Object name) {
      int size = items.size();
      return switch (String.valueOf(name)) {
        case "index" -> Value.of(i + 1);
        case "index0" -> Value.of(i);
        case "revindex" -> Value.of(size - i);
        case "revindex0" -> Value.of(size - i - 1);
        case "first" -> Value.of(i == 0);
        case "last" -> Value.of(i == size - 1);
        case "length" -> Value.of(size);
        case "depth" -> Value.of(1);
        case "depth0" -> Value.of(0);
        case "previtem" ->
            i > 0 ? items.get(i - 1) : new Value.Undefined("there is no previous item");
        case "nextitem" ->
            i < size - 1 ? items.get(i + 1) : new Value.Undefined("there is no next item");
        case "cycle" -> new Value.Function("cycle", this::cycle);
        case "changed" -> new Value.Function("changed", LoopState.this::hasChanged);
        default -> null;
      };
    }

    private Value cycle(Arguments arguments) {
      if (arguments.positional().isEmpty()) {
        throw new TemplateFault("no items for cycling given");
      }
      return arguments.positional().get(i % arguments.positional().size());
    }

    @Override
    public Set<Map.Entry<String, Value>> entrySet() {
      return Set.of();
    }
  }

  private Value hasChanged(Arguments arguments) {
    Value now = new Value.Tup(arguments.positional());
    boolean differs = changed == null || !Operators.equal(changed, now);
    changed = now;
    return Value.of(differs);
  }
}
