package dev.lynceus.text.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Truth, equality, order and arithmetic, as Python defines them.
final class Operators {
  private Operators() {}

  static boolean truthy(Value value) {
    return switch (value) {
      case Value.Nil _, Value.Undefined _ -> false;
      case Value.Bool bool -> bool.value();
      case Value.Int number -> number.value() != 0;
      case Value.Real number -> number.value() != 0;
      case Value.Str text -> !text.text().isEmpty();
      case Value.Seq list -> !list.items().isEmpty();
      case Value.Tup tuple -> !tuple.items().isEmpty();
      case Value.Dict dict -> !dict.items().isEmpty();
      case Value.Namespace _, Value.Function _ -> true;
    };
  }

  static boolean isNumber(Value value) {
    return value instanceof Value.Int || value instanceof Value.Real || value instanceof Value.Bool;
  }

  static boolean isWhole(Value value) {
    return value instanceof Value.Int || value instanceof Value.Bool;
  }

  static long whole(Value value) {
    return switch (value) {
      case Value.Int number -> number.value();
      case Value.Bool bool -> bool.value() ? 1 : 0;
      default -> throw new TemplateFault("a whole number is needed, not " + article(value));
    };
  }

  static double real(Value value) {
    return value instanceof Value.Real number ? number.value() : whole(value);
  }

  /// Characters of a text, elements of a list, one of anything else: what it takes to go over it.
  static long size(Value value) {
    return switch (value) {
      case Value.Str text -> text.text().length();
      case Value.Seq list -> list.items().size();
      case Value.Tup tuple -> tuple.items().size();
      case Value.Dict dict -> dict.items().size();
      case Value.Nil _,
          Value.Undefined _,
          Value.Bool _,
          Value.Int _,
          Value.Real _,
          Value.Namespace _,
          Value.Function _ ->
          1;
    };
  }

  static boolean equal(Value a, Value b) {
    Budget.work(Budget.COMPARISON);
    if (isNumber(a) && isNumber(b)) {
      return isWhole(a) && isWhole(b) ? whole(a) == whole(b) : real(a) == real(b);
    }
    return switch (a) {
      case Value.Seq list -> b instanceof Value.Seq other && equal(list.items(), other.items());
      case Value.Tup tuple -> b instanceof Value.Tup other && equal(tuple.items(), other.items());
      case Value.Undefined _ -> b instanceof Value.Undefined;
      case Value.Dict dict ->
          b instanceof Value.Dict other
              && dict.items().size() == other.items().size()
              && dict.items().entrySet().stream()
                  .allMatch(entry -> {
                    Value value = other.items().get(key(other.items(), entry.getKey()));
                    return value != null && equal(entry.getValue(), value);
                  });
      case Value.Str text -> {
        if (!(b instanceof Value.Str other) || text.text().length() != other.text().length()) {
          yield false;
        }
        Budget.work(text.text().length());
        yield text.text().equals(other.text());
      }
      default -> a.equals(b);
    };
  }

  /// The key of a map that equals the given one: 1, 1.0 and true are one key.
  ///
  /// Keys are hashed as a whole, so all of what a tuple holds is charged here, however often it
  /// holds the same. Lists and mappings are no keys, as in Python.
  static Value key(java.util.Map<Value, ?> map, Value key) {
    chargeKey(key);
    if (key instanceof Value.Tup) {
      // Tuples with one hash have no order that would keep the map fast.
      Budget.work(map.size());
    }
    if (isNumber(key) && !map.containsKey(key)) {
      Budget.work(map.size());
      for (Value present : map.keySet()) {
        if (equal(present, key)) {
          return present;
        }
      }
    }
    return key;
  }

  private static void chargeKey(Value key) {
    Budget.work(Budget.COMPARISON + (key instanceof Value.Str text ? text.text().length() : 0));
    switch (key) {
      case Value.Tup tuple -> tuple.items().forEach(Operators::chargeKey);
      case Value.Seq _, Value.Dict _ ->
          throw new TemplateFault(article(key) + " cannot be a key, it can be changed");
      default -> {
        // No parts.
      }
    }
  }

  private static boolean equal(List<Value> a, List<Value> b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (!equal(a.get(i), b.get(i))) {
        return false;
      }
    }
    return true;
  }

  /// Negative, zero or positive; a fault where Python has no order.
  static int order(Value a, Value b) {
    Budget.work(Budget.COMPARISON);
    if (isNumber(a) && isNumber(b)) {
      return isWhole(a) && isWhole(b)
          ? Long.compare(whole(a), whole(b))
          : Double.compare(real(a), real(b));
    }
    if (a instanceof Value.Str left && b instanceof Value.Str right) {
      return codePointOrder(left.text(), right.text());
    }
    if (a instanceof Value.Seq left && b instanceof Value.Seq right) {
      return order(left.items(), right.items());
    }
    if (a instanceof Value.Tup left && b instanceof Value.Tup right) {
      return order(left.items(), right.items());
    }
    throw new TemplateFault("cannot compare " + article(a) + " with " + article(b));
  }

  private static int order(List<Value> a, List<Value> b) {
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      if (!equal(a.get(i), b.get(i))) {
        return order(a.get(i), b.get(i));
      }
    }
    return Integer.compare(a.size(), b.size());
  }

  private static int codePointOrder(String a, String b) {
    int i = 0;
    int shorter = Math.min(a.length(), b.length());
    while (i < shorter && a.charAt(i) == b.charAt(i)) {
      i++;
    }
    Budget.work(i);
    if (i == shorter) {
      return Integer.compare(a.length(), b.length());
    }
    // The second half of a character beyond the first plane: the whole characters decide.
    boolean half = i > 0 && Character.isHighSurrogate(a.charAt(i - 1));
    int from = half ? i - 1 : i;
    return Integer.compare(a.codePointAt(from), b.codePointAt(from));
  }

  static boolean compare(String operator, Value a, Value b) {
    return switch (operator) {
      case "==" -> equal(a, b);
      case "!=" -> !equal(a, b);
      case "<" -> order(a, b) < 0;
      case "<=" -> order(a, b) <= 0;
      case ">" -> order(a, b) > 0;
      case ">=" -> order(a, b) >= 0;
      case "in" -> contains(b, a);
      case "not in" -> !contains(b, a);
      default -> throw new TemplateFault("unknown comparison " + operator);
    };
  }

  static boolean contains(Value container, Value item) {
    return switch (container) {
      case Value.Str text -> {
        if (item instanceof Value.Str part) {
          yield Search.first(text.text(), part.text(), 0) >= 0;
        }
        throw new TemplateFault("only a string can be in a string, not " + article(item));
      }
      case Value.Seq list -> list.items().stream().anyMatch(other -> equal(other, item));
      case Value.Tup tuple -> tuple.items().stream().anyMatch(other -> equal(other, item));
      case Value.Dict dict -> dict.items().containsKey(key(dict.items(), item));
      case Value.Undefined _ -> false;
      default -> throw new TemplateFault("nothing can be in " + article(container));
    };
  }

  static Value binary(String operator, Value a, Value b) {
    try {
      return isNumber(a) && isNumber(b) ? numeric(operator, a, b) : textual(operator, a, b);
    } catch (ArithmeticException e) {
      throw new TemplateFault("the number is too large or divided by zero");
    }
  }

  private static Value numeric(String operator, Value a, Value b) {
    if (operator.equals("/")) {
      return new Value.Real(real(a) / nonZero(real(b)));
    }
    boolean power = operator.equals("**");
    if (isWhole(a) && isWhole(b) && !(power && whole(b) < 0)) {
      long x = whole(a);
      long y = whole(b);
      return Value.of(
          switch (operator) {
            case "+" -> Math.addExact(x, y);
            case "-" -> Math.subtractExact(x, y);
            case "*" -> Math.multiplyExact(x, y);
            case "//" -> Math.floorDiv(x, y);
            case "%" -> Math.floorMod(x, y);
            case "**" ->
                java.math.BigInteger.valueOf(x).pow((int) Math.min(y, 1000)).longValueExact();
            default -> throw new TemplateFault("unknown operator " + operator);
          });
    }
    double x = real(a);
    double y = real(b);
    return new Value.Real(
        switch (operator) {
          case "+" -> x + y;
          case "-" -> x - y;
          case "*" -> x * y;
          case "//" -> Math.floor(x / nonZero(y));
          case "%" -> x - y * Math.floor(x / nonZero(y));
          case "**" -> Math.pow(x, y);
          default -> throw new TemplateFault("unknown operator " + operator);
        });
  }

  private static double nonZero(double value) {
    if (value == 0) {
      throw new ArithmeticException("division by zero");
    }
    return value;
  }

  private static Value textual(String operator, Value a, Value b) {
    if (operator.equals("+")) {
      if (a instanceof Value.Str left && b instanceof Value.Str right) {
        Budget.text((long) left.text().length() + right.text().length());
        return Value.of(left.text() + right.text());
      }
      if (a instanceof Value.Seq left && b instanceof Value.Seq right) {
        return new Value.Seq(joined(left.items(), right.items()));
      }
      if (a instanceof Value.Tup left && b instanceof Value.Tup right) {
        return new Value.Tup(joined(left.items(), right.items()));
      }
    }
    if (operator.equals("*") && isWhole(b)) {
      return repeated(a, whole(b));
    }
    if (operator.equals("*") && isWhole(a)) {
      return repeated(b, whole(a));
    }
    if (operator.equals("%") && a instanceof Value.Str format) {
      List<Value> values = b instanceof Value.Tup tuple ? tuple.items() : List.of(b);
      return Value.of(PercentFormat.format(format.text(), values));
    }
    for (Value operand : List.of(a, b)) {
      if (operand instanceof Value.Undefined undefined) {
        throw new TemplateFault(undefined.why());
      }
    }
    throw new TemplateFault("cannot use " + operator + " on " + article(a) + " and " + article(b));
  }

  private static List<Value> joined(List<Value> a, List<Value> b) {
    Budget.elements((long) a.size() + b.size());
    Budget.work((long) a.size() + b.size());
    List<Value> all = new ArrayList<>(a.size() + b.size());
    all.addAll(a);
    all.addAll(b);
    return Collections.unmodifiableList(all);
  }

  private static Value repeated(Value value, long times) {
    int count = (int) Math.clamp(times, 0, Integer.MAX_VALUE);
    return switch (value) {
      case Value.Str text -> {
        Budget.text((long) text.text().length() * count);
        yield Value.of(text.text().repeat(count));
      }
      case Value.Seq list -> {
        Budget.elements((long) list.items().size() * count);
        if (list.items().isEmpty()) {
          yield list;
        }
        List<Value> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          all.addAll(list.items());
        }
        yield new Value.Seq(Collections.unmodifiableList(all));
      }
      default -> throw new TemplateFault("cannot repeat " + article(value));
    };
  }

  /// What to call a value in an error.
  static String article(Value value) {
    return value instanceof Value.Undefined undefined
        ? "an undefined value (" + undefined.why() + ")"
        : "a value of type " + value.typeName();
  }
}
