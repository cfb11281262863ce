package dev.lynceus.text.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/// The filters that take lists, mappings and what can be gone through.
///
/// jinja2 makes lazy generators of some of these; here they are lists, which print and count where
/// Python would refuse, and are equal in every other use.
final class SequenceFilters {
  private final Filters filters;

  SequenceFilters(Filters filters) {
    this.filters = filters;
  }

  Value apply(String name, Value input, Arguments args) {
    return switch (name) {
      case "list" -> new Value.Seq(Access.elements(input));
      case "first" -> at(input, false, "first");
      case "last" -> at(input, true, "last");
      case "join" -> join(input, args.allow("join", 2, "d", "attribute"));
      case "reverse" -> reverse(input);
      case "sort" -> sort(input, args.allow("sort", 3, "reverse", "case_sensitive", "attribute"));
      case "unique" -> unique(input, args.allow("unique", 2, "case_sensitive", "attribute"));
      case "map" -> map(input, args);
      case "select" -> select(input, args, true);
      case "reject" -> select(input, args, false);
      case "selectattr" -> selectAttribute(input, args, true);
      case "rejectattr" -> selectAttribute(input, args, false);
      case "items" -> input instanceof Value.Undefined ? new Value.Seq(List.of()) : items(input);
      case "dictsort" ->
          dictSort(input, args.allow("dictsort", 3, "case_sensitive", "by", "reverse"));
      case "groupby" ->
          groupBy(input, args.allow("groupby", 3, "attribute", "default", "case_sensitive"));
      case "sum" -> {
        args.allow("sum", 2, "attribute", "start");
        Value total = args.get(1, "start", Value.of(0));
        for (Value item :
            Filters.keys(Access.elements(input), args.get(0, "attribute", Value.NONE))) {
          total = Operators.binary("+", total, item);
        }
        yield total;
      }
      case "min" -> extreme(input, args, 1);
      case "max" -> extreme(input, args, -1);
      default -> throw new TemplateFault("unknown filter '" + name + "'");
    };
  }

  private static Value at(Value input, boolean end, String word) {
    List<Value> items = Access.elements(input);
    if (items.isEmpty()) {
      return new Value.Undefined("there is no " + word + " item, the sequence is empty");
    }
    return end ? items.getLast() : items.getFirst();
  }

  private static Value join(Value input, Arguments args) {
    StringJoiner joiner = new StringJoiner(PythonText.str(args.get(0, "d", Value.of(""))));
    for (Value item : Filters.keys(Access.elements(input), args.get(1, "attribute", Value.NONE))) {
      joiner.add(PythonText.str(item));
      Budget.work(10);
      Budget.text(joiner.length());
    }
    return Value.of(joiner.toString());
  }

  private static Value reverse(Value input) {
    if (input instanceof Value.Str text) {
      int[] points = text.text().codePoints().toArray();
      StringBuilder out = new StringBuilder(text.text().length());
      for (int i = points.length - 1; i >= 0; i--) {
        out.appendCodePoint(points[i]);
      }
      return Value.of(out.toString());
    }
    return new Value.Seq(List.copyOf(Access.elements(input).reversed()));
  }

  private static Value sort(Value input, Arguments args) {
    boolean caseSensitive = args.flag(1, "case_sensitive");
    Value attribute = args.get(2, "attribute", Value.NONE);
    Comparator<Value> order =
        Comparator.comparing(item -> sortKey(item, attribute, caseSensitive), Operators::order);
    return new Value.Seq(sorted(Access.elements(input), order, args.flag(0, "reverse")));
  }

  private static Value sortKey(Value item, Value attribute, boolean caseSensitive) {
    if (attribute instanceof Value.Nil) {
      return Filters.folded(item, caseSensitive);
    }
    List<Value> keys = new ArrayList<>();
    Budget.work(20L + PythonText.str(attribute).length());
    for (String part : PythonText.str(attribute).split(",", -1)) {
      keys.add(Filters.folded(Access.path(item, Value.of(part)), caseSensitive));
    }
    return new Value.Seq(keys);
  }

  private static List<Value> sorted(List<Value> items, Comparator<Value> order, boolean reverse) {
    List<Value> sorted = new ArrayList<>(items);
    sorted.sort(reverse ? order.reversed() : order);
    return Collections.unmodifiableList(sorted);
  }

  private static Value unique(Value input, Arguments args) {
    boolean caseSensitive = args.flag(0, "case_sensitive");
    List<Value> items = Access.elements(input);
    List<Value> keys = Filters.keys(items, args.get(1, "attribute", Value.NONE));
    List<Value> chosen = new ArrayList<>();
    Map<Value, Boolean> seen = new LinkedHashMap<>();
    for (int i = 0; i < items.size(); i++) {
      if (seen.put(Operators.key(seen, Filters.folded(keys.get(i), caseSensitive)), true) == null) {
        chosen.add(items.get(i));
      }
    }
    return new Value.Seq(List.copyOf(chosen));
  }

  private Value map(Value input, Arguments args) {
    List<Value> items = Access.elements(input);
    List<Value> mapped = new ArrayList<>(items.size());
    if (args.positional().isEmpty()) {
      args.allow("map", 0, "attribute", "default");
      Value attribute = args.require(0, "attribute");
      Value fallback = args.get(1, "default", Value.NONE);
      for (Value item : items) {
        Value value = Access.path(item, attribute);
        boolean absent = value instanceof Value.Undefined && !(fallback instanceof Value.Nil);
        mapped.add(absent ? fallback : value);
      }
    } else {
      String name = PythonText.str(args.positional().getFirst());
      items.forEach(item -> mapped.add(filters.apply(name, item, args.rest())));
    }
    return new Value.Seq(List.copyOf(mapped));
  }

  private Value select(Value input, Arguments args, boolean wanted) {
    List<Value> chosen = new ArrayList<>();
    for (Value item : Access.elements(input)) {
      Budget.work(20);
      if (passes(item, args) == wanted) {
        chosen.add(item);
      }
    }
    return new Value.Seq(List.copyOf(chosen));
  }

  private Value selectAttribute(Value input, Arguments args, boolean wanted) {
    Value attribute = args.require(0, "attribute");
    List<Value> chosen = new ArrayList<>();
    for (Value item : Access.elements(input)) {
      Budget.work(20);
      if (passes(Access.path(item, attribute), args.rest()) == wanted) {
        chosen.add(item);
      }
    }
    return new Value.Seq(List.copyOf(chosen));
  }

  private boolean passes(Value item, Arguments args) {
    return args.positional().isEmpty()
        ? Operators.truthy(item)
        : filters.tests().test(PythonText.str(args.positional().getFirst()), item, args.rest());
  }

  static Value items(Value input) {
    List<Value> pairs = new ArrayList<>();
    Filters.mapping(input).forEach((key, value) -> pairs.add(new Value.Tup(List.of(key, value))));
    return new Value.Seq(List.copyOf(pairs));
  }

  private static Value dictSort(Value input, Arguments args) {
    boolean caseSensitive = args.flag(0, "case_sensitive");
    int side = PythonText.str(args.get(1, "by", Value.of("key"))).equals("value") ? 1 : 0;
    Comparator<Value> order =
        Comparator.comparing(
            pair -> Filters.folded(Access.elements(pair).get(side), caseSensitive),
            Operators::order);
    return new Value.Seq(sorted(Access.elements(items(input)), order, args.flag(2, "reverse")));
  }

  private static Value groupBy(Value input, Arguments args) {
    Value attribute = args.require(0, "attribute");
    Value fallback = args.get(1, "default", Value.NONE);
    boolean caseSensitive = args.flag(2, "case_sensitive");
    Comparator<Value> order =
        Comparator.comparing(
            item -> Filters.folded(groupKey(item, attribute, fallback), caseSensitive),
            Operators::order);
    Map<Value, List<Value>> groups = new LinkedHashMap<>();
    for (Value item : sorted(Access.elements(input), order, false)) {
      Value key = Filters.folded(groupKey(item, attribute, fallback), caseSensitive);
      groups.computeIfAbsent(Operators.key(groups, key), _ -> new ArrayList<>()).add(item);
    }
    List<Value> result = new ArrayList<>();
    groups.forEach((_, items) -> {
      Value shown = groupKey(items.getFirst(), attribute, fallback);
      result.add(new Value.Tup(List.of(shown, new Value.Seq(List.copyOf(items)))));
    });
    return new Value.Seq(List.copyOf(result));
  }

  private static Value groupKey(Value item, Value attribute, Value fallback) {
    Value key = Access.path(item, attribute);
    return key instanceof Value.Undefined && !(fallback instanceof Value.Nil) ? fallback : key;
  }

  private static Value extreme(Value input, Arguments args, int sign) {
    args.allow(sign > 0 ? "min" : "max", 2, "case_sensitive", "attribute");
    boolean caseSensitive = args.flag(0, "case_sensitive");
    List<Value> items = Access.elements(input);
    List<Value> keys = Filters.keys(items, args.get(1, "attribute", Value.NONE));
    int best = -1;
    for (int i = 0; i < items.size(); i++) {
      if (best < 0
          || sign
                  * Operators.order(
                      Filters.folded(keys.get(i), caseSensitive),
                      Filters.folded(keys.get(best), caseSensitive))
              < 0) {
        best = i;
      }
    }
    return best < 0 ? new Value.Undefined("the sequence is empty") : items.get(best);
  }
}
