package dev.lynceus.text.jinja;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The methods of mappings and lists that change nothing; the sandbox has no others.
final class CollectionMethods {
  private CollectionMethods() {}

  static Value.@Nullable Function find(Value.Dict self, String name) {
    Value.Function.Body body =
        switch (name) {
          case "get" ->
              args ->
                  self.items()
                      .getOrDefault(
                          Operators.key(self.items(), args.require(0, "key")),
                          args.get(1, "default", Value.NONE));
          case "items" -> _ -> SequenceFilters.items(self);
          case "keys" -> _ -> new Value.Seq(List.copyOf(self.items().keySet()));
          case "values" -> _ -> new Value.Seq(List.copyOf(self.items().values()));
          case "copy" -> _ -> self;
          case "update", "pop", "clear", "popitem", "setdefault" -> refused("dict", name);
          default -> null;
        };
    return body == null ? null : new Value.Function(name, body);
  }

  static Value.@Nullable Function find(List<Value> self, String name) {
    Value.Function.Body body =
        switch (name) {
          case "index" ->
              args -> {
                for (int i = 0; i < self.size(); i++) {
                  if (Operators.equal(self.get(i), args.require(0, "value"))) {
                    return Value.of(i);
                  }
                }
                throw new TemplateFault("the value is not in the list");
              };
          case "count" ->
              args -> {
                List<Value> equal = new ArrayList<>(self);
                equal.removeIf(item -> !Operators.equal(item, args.require(0, "value")));
                return Value.of(equal.size());
              };
          case "copy" -> _ -> new Value.Seq(self);
          case "append", "extend", "insert", "pop", "remove", "clear", "sort", "reverse" ->
              refused("list", name);
          default -> null;
        };
    return body == null ? null : new Value.Function(name, body);
  }

  private static Value.Function.Body refused(String type, String name) {
    return _ -> {
      throw new TemplateFault(
          "the sandbox does not let a template change a " + type + " (" + name + ")");
    };
  }
}
