package dev.lynceus.text.jinja;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The filters: those for text and numbers here, those for lists in [SequenceFilters].
final class Filters {
  private static final int LONGEST_NUMBER = 1000;

  /// A real number has no more places than these.
  private static final int MOST_PLACES = 1100;

  private final Tests tests = new Tests();
  private final SequenceFilters sequences = new SequenceFilters(this);

  Tests tests() {
    return tests;
  }

  Value apply(String name, Value input, Arguments args) {
    Budget.work(20L + Operators.size(input));
    return switch (name) {
      case "trim" -> {
        args.allow("trim", 1, "chars");
        yield StringMethods.strip(
            PythonText.str(input), args.get(0, "chars", Value.NONE), true, true);
      }
      case "upper" -> Value.of(PythonText.str(input).toUpperCase(Locale.ROOT));
      case "lower" -> Value.of(PythonText.str(input).toLowerCase(Locale.ROOT));
      case "capitalize" -> Value.of(PythonText.capitalize(PythonText.str(input)));
      case "title" -> Value.of(title(PythonText.str(input)));
      case "string", "safe" -> Value.of(PythonText.str(input));
      case "escape", "e", "forceescape" -> Value.of(escape(PythonText.str(input)));
      case "replace" -> {
        args.allow("replace", 3, "old", "new", "count");
        yield Value.of(
            StringMethods.replace(
                PythonText.str(input),
                PythonText.str(args.require(0, "old")),
                PythonText.str(args.require(1, "new")),
                args.get(2, "count", Value.NONE)));
      }
      case "indent" -> Value.of(indent(PythonText.str(input), args));
      case "format" -> {
        boolean both = !args.positional().isEmpty() && !args.named().isEmpty();
        if (both) {
          throw new TemplateFault("format takes positional or named values, not both");
        }
        yield Value.of(PercentFormat.format(PythonText.str(input), args.positional()));
      }
      case "wordcount" -> Value.of(StringMethods.words(PythonText.str(input)).size());
      case "default", "d" -> {
        args.allow(name, 2, "default_value", "boolean");
        boolean use =
            input instanceof Value.Undefined || args.flag(1, "boolean") && !Operators.truthy(input);
        yield use ? args.get(0, "default_value", Value.of("")) : input;
      }
      case "tojson" -> Value.of(JsonText.write(input, args));
      case "int" -> toInt(input, args);
      case "float" -> toFloat(input, args);
      case "abs" ->
          input instanceof Value.Real number
              ? new Value.Real(Math.abs(number.value()))
              : Value.of(Math.abs(Operators.whole(input)));
      case "round" -> round(input, args);
      case "attr" -> Access.attribute(input, PythonText.str(args.require(0, "name")));
      case "length", "count" -> Value.of(Access.length(input));
      default -> sequences.apply(name, input, args);
    };
  }

  /// Upper case after blanks, hyphens and opening brackets, lower case elsewhere.
  private static String title(String text) {
    StringBuilder out = new StringBuilder();
    boolean start = true;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      boolean separator = PythonText.isSpace(c) || "-({[<".indexOf(c) >= 0;
      String one = Character.toString(c);
      out.append(start ? one.toUpperCase(Locale.ROOT) : one.toLowerCase(Locale.ROOT));
      start = separator;
    }
    return out.toString();
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("'", "&#39;")
        .replace("\"", "&#34;");
  }

  private static String indent(String text, Arguments args) {
    args.allow("indent", 3, "width", "first", "blank");
    Value width = args.get(0, "width", Value.of(4));
    String margin =
        width instanceof Value.Str given
            ? given.text()
            : " ".repeat((int) Math.clamp(Operators.whole(width), 0, 10_000));
    List<String> lines = PythonText.lines(text + "\n");
    StringBuilder out = new StringBuilder(args.flag(1, "first") ? margin : "");
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      boolean indented = i > 0 && (args.flag(2, "blank") || !line.isEmpty());
      out.append(i > 0 ? "\n" : "").append(indented ? margin : "").append(line);
      Budget.work(indented ? margin.length() : 0);
      Budget.text(out.length());
    }
    return out.toString();
  }

  private static Value toInt(Value input, Arguments args) {
    args.allow("int", 2, "default", "base");
    Value fallback = args.get(0, "default", Value.of(0));
    int base = (int) Math.clamp(Operators.whole(args.get(1, "base", Value.of(10))), 2, 36);
    return switch (input) {
      case Value.Int number -> number;
      case Value.Bool bool -> Value.of(bool.value() ? 1 : 0);
      case Value.Real number ->
          Double.isFinite(number.value()) ? Value.of((long) number.value()) : fallback;
      case Value.Str text -> {
        String digits = text.text().strip().replace("_", "");
        try {
          yield Value.of(
              Long.parseLong(base == 16 ? digits.replaceFirst("^0[xX]", "") : digits, base));
        } catch (NumberFormatException notWhole) {
          Double number = parse(digits);
          yield number == null || !Double.isFinite(number)
              ? fallback
              : Value.of(number.longValue());
        }
      }
      default -> fallback;
    };
  }

  private static Value toFloat(Value input, Arguments args) {
    Value fallback = args.allow("float", 1, "default").get(0, "default", new Value.Real(0.0));
    if (input instanceof Value.Str text) {
      Double number = parse(text.text().strip().replace("_", ""));
      return number == null ? fallback : new Value.Real(number);
    }
    return Operators.isNumber(input) ? new Value.Real(Operators.real(input)) : fallback;
  }

  private static @org.jspecify.annotations.Nullable Double parse(String text) {
    return text.length() <= LONGEST_NUMBER
            && text.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?")
        ? Double.valueOf(text)
        : null;
  }

  private static Value round(Value input, Arguments args) {
    args.allow("round", 2, "precision", "method");
    long wanted = Operators.whole(args.get(0, "precision", Value.of(0)));
    if (Math.abs(wanted) > MOST_PLACES) {
      throw new TemplateFault(
          "round to " + wanted + " places is not supported, only up to " + MOST_PLACES);
    }
    int precision = (int) wanted;
    RoundingMode mode =
        switch (PythonText.str(args.get(1, "method", Value.of("common")))) {
          case "common" -> RoundingMode.HALF_EVEN;
          case "ceil" -> RoundingMode.CEILING;
          case "floor" -> RoundingMode.FLOOR;
          default -> throw new TemplateFault("round knows the methods common, ceil and floor");
        };
    if (Operators.isWhole(input) && mode == RoundingMode.HALF_EVEN && precision >= 0) {
      return Value.of(Operators.whole(input));
    }
    double value = Operators.real(input);
    return Double.isFinite(value)
        ? new Value.Real(new BigDecimal(value).setScale(precision, mode).doubleValue())
        : input;
  }

  /// The value of each element under `attribute=`, or the element itself.
  static List<Value> keys(List<Value> items, Value attribute) {
    if (attribute instanceof Value.Nil) {
      return items;
    }
    List<Value> keys = new ArrayList<>(items.size());
    items.forEach(item -> keys.add(Access.path(item, attribute)));
    return keys;
  }

  /// A key for order and equality that ignores the case of strings unless told not to.
  static Value folded(Value value, boolean caseSensitive) {
    return !caseSensitive && value instanceof Value.Str text
        ? Value.of(text.text().toLowerCase(Locale.ROOT))
        : value;
  }

  static Map<Value, Value> mapping(Value value) {
    if (value instanceof Value.Dict dict) {
      return dict.items();
    }
    throw new TemplateFault("a mapping is needed, not " + Operators.article(value));
  }
}
