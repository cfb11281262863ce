package dev.lynceus.text.jinja;

import java.time.Clock;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The functions that every template has.
final class Globals {
  private Globals() {}

  static Scope scope(Clock clock) {
    Scope scope = new Scope(null);
    define(
        scope,
        "raise_exception",
        args -> {
          throw new TemplateFault(
              TemplateFault.Kind.REFUSED, PythonText.str(args.require(0, "message")));
        });
    define(
        scope,
        "strftime_now",
        args -> Value.of(time(PythonText.str(args.require(0, "format")), clock)));
    define(scope, "range", Globals::range);
    define(scope, "dict", args -> new Value.Dict(mapping(args)));
    define(
        scope,
        "namespace",
        args -> {
          Value.Namespace namespace = new Value.Namespace();
          mapping(args)
              .forEach((key, value) -> namespace.attributes.put(PythonText.str(key), value));
          return namespace;
        });
    return scope;
  }

  private static void define(Scope scope, String name, Value.Function.Body body) {
    scope.set(name, new Value.Function(name, body));
  }

  private static Value range(Arguments args) {
    args.allow("range", 3);
    long first = Operators.whole(args.require(0, "stop"));
    boolean one = args.positional().size() == 1;
    long from = one ? 0 : first;
    long to = one ? first : Operators.whole(args.require(1, "stop"));
    long step = Operators.whole(args.get(2, "step", Value.of(1)));
    if (step == 0) {
      throw new TemplateFault("the step of range is zero");
    }
    List<Value> items = new ArrayList<>();
    for (long i = from; step > 0 ? i < to : i > to; i += step) {
      if (items.size() >= Budget.MAX_RANGE) {
        throw new TemplateFault("range has more than " + Budget.MAX_RANGE + " elements");
      }
      items.add(Value.of(i));
      if (i > 0 && step > Long.MAX_VALUE - i || i < 0 && step < Long.MIN_VALUE - i) {
        break;
      }
    }
    return new Value.Seq(List.copyOf(items));
  }

  private static Map<Value, Value> mapping(Arguments args) {
    Map<Value, Value> items = new LinkedHashMap<>();
    for (Value source : args.positional()) {
      if (source instanceof Value.Dict dict) {
        Budget.work(dict.items().size());
        items.putAll(dict.items());
      } else {
        for (Value pair : Access.elements(source)) {
          List<Value> both = Access.elements(pair);
          if (both.size() != 2) {
            throw new TemplateFault("dict needs pairs");
          }
          items.put(Operators.key(items, both.get(0)), both.get(1));
        }
      }
    }
    args.named().forEach((name, value) -> items.put(Value.of(name), value));
    return items;
  }

  private static String time(String format, Clock clock) {
    LocalDateTime now = LocalDateTime.now(clock);
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      if (c != '%' || i + 1 == format.length()) {
        out.append(c);
        continue;
      }
      char field = format.charAt(++i);
      Budget.work(1000);
      Budget.text(out.length());
      out.append(
          field == '%'
              ? "%"
              : DateTimeFormatter.ofPattern(pattern(field), Locale.ENGLISH).format(now));
    }
    return out.toString();
  }

  private static String pattern(char field) {
    return switch (field) {
      case 'Y' -> "yyyy";
      case 'y' -> "yy";
      case 'm' -> "MM";
      case 'd' -> "dd";
      case 'B' -> "MMMM";
      case 'b' -> "MMM";
      case 'A' -> "EEEE";
      case 'a' -> "EEE";
      case 'H' -> "HH";
      case 'I' -> "hh";
      case 'M' -> "mm";
      case 'S' -> "ss";
      case 'p' -> "a";
      case 'j' -> "DDD";
      default -> throw new TemplateFault("strftime_now does not know %" + field);
    };
  }
}
