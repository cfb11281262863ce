package dev.lynceus.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// `tojson` as transformers sets it up: Python's `json.dumps` with `ensure_ascii` off, nothing
/// escaped for HTML.
final class JsonText {
  private final String margin;
  private final boolean lines;
  private final String itemSeparator;
  private final String keySeparator;
  private final boolean ascii;
  private final boolean sorted;
  private final StringBuilder out = new StringBuilder();

  private JsonText(Arguments args) {
    args.allow("tojson", 4, "ensure_ascii", "indent", "separators", "sort_keys");
    Value indent = args.get(1, "indent", Value.NONE);
    lines = !(indent instanceof Value.Nil);
    margin =
        indent instanceof Value.Str text
            ? text.text()
            : lines ? " ".repeat((int) Math.clamp(Operators.whole(indent), 0, 100)) : "";
    Value separators = args.get(2, "separators", Value.NONE);
    List<Value> given = separators instanceof Value.Nil ? List.of() : Access.elements(separators);
    itemSeparator = given.size() == 2 ? PythonText.str(given.get(0)) : lines ? "," : ", ";
    keySeparator = given.size() == 2 ? PythonText.str(given.get(1)) : ": ";
    ascii = args.flag(0, "ensure_ascii");
    sorted = args.flag(3, "sort_keys");
  }

  static String write(Value value, Arguments args) {
    JsonText json = new JsonText(args);
    json.value(value, 0);
    Budget.text(json.out.length());
    return json.out.toString();
  }

  private void value(Value value, int depth) {
    Budget.work(10);
    Budget.text(out.length());
    switch (value) {
      case Value.Nil _ -> out.append("null");
      case Value.Bool bool -> out.append(bool.value());
      case Value.Int number -> out.append(number.value());
      case Value.Real number -> out.append(real(number.value()));
      case Value.Str text -> quote(text.text());
      case Value.Seq list -> list(list.items(), depth);
      case Value.Tup tuple -> list(tuple.items(), depth);
      case Value.Dict dict -> object(dict.items(), depth);
      case Value.Undefined _, Value.Namespace _, Value.Function _ ->
          throw new TemplateFault(Operators.article(value) + " cannot be written as JSON");
    }
  }

  private static String real(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    return Double.isInfinite(value)
        ? (value > 0 ? "Infinity" : "-Infinity")
        : PythonText.repr(value);
  }

  private void list(List<Value> items, int depth) {
    if (items.isEmpty()) {
      out.append("[]");
      return;
    }
    out.append('[');
    for (int i = 0; i < items.size(); i++) {
      between(i, depth);
      value(items.get(i), depth + 1);
    }
    newLine(depth);
    out.append(']');
  }

  private void object(Map<Value, Value> items, int depth) {
    if (items.isEmpty()) {
      out.append("{}");
      return;
    }
    List<Map.Entry<Value, Value>> entries = new ArrayList<>(items.entrySet());
    if (sorted) {
      entries.sort(Map.Entry.comparingByKey(Operators::order));
    }
    out.append('{');
    for (int i = 0; i < entries.size(); i++) {
      between(i, depth);
      quote(key(entries.get(i).getKey()));
      out.append(keySeparator);
      Budget.work(keySeparator.length());
      Budget.text(out.length());
      value(entries.get(i).getValue(), depth + 1);
    }
    newLine(depth);
    out.append('}');
  }

  private static String key(Value key) {
    return switch (key) {
      case Value.Str text -> text.text();
      case Value.Nil _ -> "null";
      case Value.Bool bool -> Boolean.toString(bool.value());
      case Value.Int number -> Long.toString(number.value());
      case Value.Real number -> real(number.value());
      case Value.Seq _,
          Value.Tup _,
          Value.Dict _,
          Value.Undefined _,
          Value.Namespace _,
          Value.Function _ ->
          throw new TemplateFault(Operators.article(key) + " cannot be a JSON key");
    };
  }

  private void between(int index, int depth) {
    if (index > 0) {
      out.append(itemSeparator);
      Budget.work(itemSeparator.length());
      Budget.text(out.length());
    }
    newLine(depth + 1);
  }

  private void newLine(int depth) {
    if (lines) {
      Budget.text(out.length() + (long) margin.length() * depth);
      Budget.work((long) margin.length() * depth);
      out.append('\n').append(margin.repeat(depth));
    }
  }

  private void quote(String text) {
    Budget.work(text.length());
    Budget.text((long) out.length() + text.length());
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        default -> {
          if (c < 0x20 || ascii && c > 0x7E) {
            out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
